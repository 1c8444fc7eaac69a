namespace Tickets.Handlers.Storage;

/// <summary>A migration script failed.</summary>
/// <param name="script">Its name.</param>
/// <param name="inner">What the database said.</param>
public sealed class MigrationException(string script, Exception inner)
    : Exception($"Migrating the database failed at {script}: {inner.Message}", inner);
