namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Another process has the database file open for writing.</summary>
/// <param name="path">The file.</param>
/// <param name="inner">What the operating system said.</param>
public sealed class DatabaseInUseException(string path, Exception inner) : Exception(
    $"{path} is in use by another process. Stop that one, or give this one a file of its own with DATABASE_URL=sqlite:<file>.",
    inner);
