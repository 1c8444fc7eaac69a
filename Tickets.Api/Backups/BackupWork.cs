using System.Text;
using System.Text.Json.Nodes;
using NATS.Client.JetStream;
using Tickets.Api.Backups.Snapshots;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups;

/// <summary>Makes a backup: commands, events, the database, dead letters. (ADR 21 tells why in this order.)</summary>
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
        var (commands, image) = await AddStreamAsync(Subjects.CommandStream, snapshots, archive, report, cancellation);
        var oldest = await OldestChangeAsync(began, image, cancellation);
        var (events, _) = await AddStreamAsync(Subjects.EventStream, snapshots, archive, report, cancellation);
        var stored = await AddDatabaseAsync(archive, report, cancellation);
        var (deadLetters, _) = await AddStreamAsync(Subjects.DeadLetterStream, snapshots, archive, report, cancellation);
        var version = jetStream.Connection.ServerInfo?.Version ?? string.Empty;
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, began, serviceName, version, [commands, events, deadLetters], stored) { EventsSince = oldest };
        return (manifest, await archive.CompleteAsync(manifest, cancellation));
    }

    private async Task<ArchivedDatabase> AddDatabaseAsync(ArchiveWriter archive, Action<string, double> report, CancellationToken cancellation)
    {
        report("database", 0);
        var copy = archive.PathOf(ArchivedDatabase.CopyFile);
        await database.CopyAsync(copy, cancellation);
        var migration = await database.NewestScriptAsync(cancellation) ?? throw new BackupException("the database has no tables; there is nothing to keep");
        var stored = new ArchivedDatabase(database.Kind, migration, await ArchivedFile.OfAsync(ArchivedDatabase.CopyFile, copy));
        report("database", Whole);
        return stored;
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
