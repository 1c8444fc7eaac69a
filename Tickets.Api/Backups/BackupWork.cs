using System.Text;
using System.Text.Json.Nodes;
using NATS.Client.JetStream;
using Tickets.Api.Backups.Snapshots;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>Makes a backup: first the streams, then the database.</summary>
/// <param name="database">The database.</param>
/// <param name="serviceName">The name of the service.</param>
/// <param name="time">Says when it began.</param>
internal sealed class BackupWork(IDatabaseBackup database, string serviceName, TimeProvider time)
{
    // The database takes as long as it takes, and tells nothing of its way.
    private const double Whole = 1;

    /// <summary>Makes it.</summary>
    /// <param name="archive">Into which archive.</param>
    /// <param name="jetStream">Where the streams are.</param>
    /// <param name="report">Told what is being done, and what part of that is done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What it holds, and its size in bytes.</returns>
    /// <exception cref="BackupException">It can't be made.</exception>
    public async Task<(BackupManifest Manifest, long Size)> RunAsync(
        ArchiveWriter archive, INatsJSContext jetStream, Action<string, double> report, CancellationToken cancellation)
    {
        var began = time.GetUtcNow();
        var snapshots = new StreamSnapshots(new SnapshotApi(jetStream));
        List<ArchivedStream> streams = [];
        var oldest = began;
        foreach (var name in BackupManifest.Order)
        {
            var (stream, image) = await AddStreamAsync(name, snapshots, archive, report, cancellation);
            streams.Add(stream);
            if (name == Subjects.CommandStream)
            {
                oldest = await OldestChangeAsync(began, image, cancellation);
            }
        }

        report("database", 0);
        var copy = archive.PathOf(ArchivedDatabase.CopyFile);
        await database.CopyAsync(copy, cancellation);
        var migration = await database.NewestScriptAsync(cancellation) ?? throw new BackupException("the database has no tables; there is nothing to keep");
        var stored = new ArchivedDatabase(database.Kind, migration, await ArchivedFile.OfAsync(ArchivedDatabase.CopyFile, copy));
        var version = jetStream.Connection.ServerInfo?.Version ?? string.Empty;
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, began, serviceName, version, streams, stored) { EventsSince = oldest };
        var size = await archive.CompleteAsync(manifest, cancellation);
        report("database", Whole);
        return (manifest, size);
    }

    // Whatever leaves for the event stream after its copy was made is of a change that is committed now and waits in the outbox, or of a
    // command that is not acknowledged: either may have been decided long before the backup began. So this is asked between the two copies.
    private async Task<DateTimeOffset> OldestChangeAsync(DateTimeOffset began, StreamImage commands, CancellationToken cancellation)
    {
        var outgoing = await database.OldestOutgoingAsync(cancellation) is { } id ? TimedId.TimeOf(id) : null;
        return new[] { began, outgoing ?? began, commands.FirstAt ?? began }.Min();
    }

    private static async Task<(ArchivedStream Stream, StreamImage Image)> AddStreamAsync(
        string name, StreamSnapshots snapshots, ArchiveWriter archive, Action<string, double> report, CancellationToken cancellation)
    {
        var (imageFile, snapshotFile) = (ArchivedStream.ImageFile(name), ArchivedStream.SnapshotFile(name));
        report(name, 0);
        var image = await snapshots.TakeAsync(
            name, archive.PathOf(snapshotFile), (taken, all) => report(name, all == 0 ? Whole : Math.Min((double)taken / all, Whole)), cancellation);
        var json = new JsonObject { ["config"] = image.Config.DeepClone(), ["state"] = image.State.DeepClone() }.ToJsonString();
        await File.WriteAllTextAsync(archive.PathOf(imageFile), json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
        report(name, Whole);
        var stream = new ArchivedStream(
            name,
            image.Messages,
            image.Bytes,
            image.First,
            image.Last,
            await ArchivedFile.OfAsync(imageFile, archive.PathOf(imageFile)),
            await ArchivedFile.OfAsync(snapshotFile, archive.PathOf(snapshotFile)));
        return (stream, image);
    }
}
