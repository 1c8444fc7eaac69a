using System.Text.Json.Nodes;
using NATS.Client.JetStream;
using Tickets.Api.Backups.Snapshots;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>Puts database and streams back as an archive has them.</summary>
/// <param name="archive">The archive, which was verified.</param>
/// <param name="manifest">What it holds.</param>
/// <param name="jetStream">Where the streams go.</param>
/// <param name="database">Where the database goes.</param>
/// <param name="migrator">Brings it to the version of the program.</param>
internal sealed class RestoreWork(ArchiveReader archive, BackupManifest manifest, INatsJSContext jetStream, IDatabaseBackup database, IMigrator migrator)
{
    private readonly ServiceActivity _activity = new(jetStream, database);
    private readonly StreamRestorations _restorations = new(new SnapshotApi(jetStream), jetStream);
    private readonly List<string> _restored = [];

    /// <summary>Where the database is that was there before; null when it is gone.</summary>
    public string? Aside { get; private set; }

    /// <summary>What is restored and what is not, in words.</summary>
    public string State
    {
        get
        {
            string[] left = [.. manifest.Streams.Select(stream => stream.Name).Prepend("the database").Except(_restored)];
            return _restored.Count == 0 ? "nothing is restored"
                : left.Length == 0 ? "database and streams are restored"
                : $"{string.Join(", ", _restored)} restored, {string.Join(", ", left)} not";
        }
    }

    /// <summary>Why the archive can't be restored here; null when it can.</summary>
    public string? Misfit() =>
        manifest.Database.Kind != database.Kind ? $"the archive has a {manifest.Database.Kind} database, and DATABASE_URL names a {database.Kind} one; nothing was changed"
        : !migrator.Known.Contains(manifest.Database.Migration) ? $"the archive's database has {manifest.Database.Migration}, which this version of the program does not know; restore it with the version that made it, or a later one"
        : null;

    /// <summary>Does it.</summary>
    /// <param name="report">Told what is being done, and what part of that is done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BackupException">It did not come to its end; <see cref="State"/> says how far it came.</exception>
    public async Task RunAsync(Action<string, double> report, CancellationToken cancellation)
    {
        report("database", 0);
        Aside = await archive.ReadAsync(manifest.Database.Copy, copy => database.RestoreAsync(copy, cancellation));
        _restored.Add("the database");
        await migrator.MigrateAsync(cancellation);
        report("database", 1);
        foreach (var stream in manifest.Streams)
        {
            await RestoreAsync(stream, report, cancellation);
            _restored.Add(stream.Name);
        }
    }

    private async Task RestoreAsync(ArchivedStream stream, Action<string, double> report, CancellationToken cancellation)
    {
        var json = await archive.ReadAsync(stream.Image, async content => (await JsonNode.ParseAsync(content))!.AsObject());
        var image = new StreamImage(json["config"]!.AsObject(), json["state"]!.AsObject());
        if (await _activity.FindAsync(stream.Name) is { } old)
        {
            await old.DeleteAsync(cancellation);
        }

        await archive.ReadAsync(stream.Snapshot, async content =>
        {
            await _restorations.RestoreAsync(stream.Name, image, content, sent => report(stream.Name, (double)sent / stream.Snapshot.Size), cancellation);
            return true;
        });
    }
}
