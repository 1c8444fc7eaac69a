using System.Text.Json;
using System.Text.Json.Serialization;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>What an archive holds. It is the archive's first file, and its own hash the second.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="CreatedAt">When the backup began, UTC: what was settled before is in it.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="NatsServer">The version of the server whose snapshots they are.</param>
/// <param name="Streams">The streams, in the order in which their snapshots were taken.</param>
/// <param name="Database">The database, whose copy was made before the snapshot of the last of those.</param>
public sealed record BackupManifest(
    int Format, DateTimeOffset CreatedAt, string Service, string NatsServer, IReadOnlyList<ArchivedStream> Streams, ArchivedDatabase Database)
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The name of its file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The name of the file with its hash.</summary>
    public const string HashFileName = "manifest.sha256";

    /// <summary>
    /// The streams in the order in which they must be taken: what leaves one, because it is done, is in one that comes later or in the
    /// database, which comes before the last.
    /// </summary>
    public static readonly IReadOnlyList<string> Order = [Subjects.CommandStream, Subjects.EventStream, Subjects.DeadLetterStream];

    /// <summary>
    /// From when on the events of a change may be in the database alone, UTC: those of older changes were in their stream when it was
    /// copied. Archives of earlier versions don't tell; then it is taken for <see cref="CreatedAt"/>.
    /// </summary>
    public DateTimeOffset? EventsSince { get; init; }

    private static readonly JsonSerializerOptions Format1 = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>How many messages the streams had.</summary>
    [JsonIgnore]
    public long Messages => Streams.Sum(stream => stream.Messages);

    /// <summary>The files beside it.</summary>
    public IEnumerable<ArchivedFile> Files() => [.. Streams.SelectMany(stream => new[] { stream.Image, stream.Snapshot }), Database.Copy];

    /// <summary>As it stands in its file.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Format1);

    /// <summary>Reads it.</summary>
    /// <exception cref="BackupException">It is damaged, or another program's.</exception>
    public static BackupManifest Read(byte[] json)
    {
        try
        {
            // A later format may have anything else in it.
            using var document = JsonDocument.Parse(json);
            var format = document.RootElement.GetProperty("format").GetInt32();
            if (format != CurrentFormat)
            {
                throw new BackupException($"{FileName} has format {format}, and this version of the program reads {CurrentFormat}; restore it with the version that made it");
            }

            var manifest = document.RootElement.Deserialize<BackupManifest>(Format1)!;
            return manifest.IsWellFormed() ? manifest : throw new BackupException($"{FileName} does not name the three streams and the database");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BackupException($"{FileName} is damaged: {e.Message}", e);
        }
    }

    // Names of files and streams are those that this program gives, so nothing else can be meant by them.
    private bool IsWellFormed() =>
        Streams is not null && Streams.Select(stream => stream?.Name).SequenceEqual(Order)
        && Streams.All(stream => stream.Image?.File == ArchivedStream.ImageFile(stream.Name) && stream.Snapshot?.File == ArchivedStream.SnapshotFile(stream.Name))
        && Database is { Kind: not null, Migration: not null, Copy.File: ArchivedDatabase.CopyFile };
}
