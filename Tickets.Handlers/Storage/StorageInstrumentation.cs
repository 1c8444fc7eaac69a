using System.Diagnostics;

namespace Tickets.Handlers.Storage;

/// <summary>Traces of the storage. Listen to the source that is called <see cref="Name"/>.</summary>
public static class StorageInstrumentation
{
    /// <summary>The name of the activity source.</summary>
    public const string Name = "Tickets.Storage";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The commit of a group: it begins when all is written and only COMMIT is missing, and ends when that is confirmed.</summary>
    /// <param name="system">The database, by OpenTelemetry's semantic conventions: <c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="units">How many units are committed.</param>
    internal static Activity? StartCommit(string system, int units) => Source.StartActivity("commit", ActivityKind.Client)?
        .SetTag("db.system.name", system)
        .SetTag("db.operation.name", "COMMIT")
        .SetTag("db.operation.batch.size", units);
}
