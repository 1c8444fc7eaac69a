namespace Tickets.Handlers.Storage;

/// <summary>The database can't be used now, for a reason that passes by itself or with its server.</summary>
/// <param name="database">The database, without secrets.</param>
/// <param name="inner">What happened.</param>
public sealed class DatabaseAwayException(string database, Exception inner) : Exception($"{database}: {inner.Message}", inner);
