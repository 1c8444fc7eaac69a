using System.Diagnostics;

namespace Tickets.Handlers.Storage;

/// <summary>Traces and metrics of the storage. Listen to the source and the meter that are called <see cref="Name"/>.</summary>
public static class StorageInstrumentation
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Tickets.Storage";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The time from a unit's coming to its being durable: in the trace of whoever waits for it.</summary>
    internal static Activity? StartStore() => Source.StartActivity("store");

    /// <summary>
    /// The commit of a group: it begins when all is written and only COMMIT is missing, and ends when that is confirmed. It is a
    /// trace of its own, linked to those of its units.
    /// </summary>
    /// <param name="system">The database, by OpenTelemetry's semantic conventions: <c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="units">What is committed.</param>
    internal static Activity? StartCommit(string system, IReadOnlyList<PendingUnit> units) => !Source.HasListeners() ? null : Source.StartActivity(
        ActivityKind.Client,
        parentContext: default,
        [new("db.system.name", system), new("db.operation.name", "COMMIT"), new("db.operation.batch.size", units.Count)],
        units.Where(pending => pending.Trace != default).Select(pending => new ActivityLink(pending.Trace)),
        name: "commit");

    /// <summary>SQLite's log is carried over to its file, beside the commits or, for its last pages, between two of them.</summary>
    internal static Activity? StartCheckpoint() => Source.StartActivity(
        ActivityKind.Internal, parentContext: default, [new("db.system.name", "sqlite"), new("db.operation.name", "checkpoint")], name: "checkpoint");
}
