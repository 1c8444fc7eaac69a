namespace Tickets.Handlers.Storage;

/// <summary>What became of a command.</summary>
/// <param name="Status">Its HTTP status code.</param>
/// <param name="Body">Its JSON body.</param>
public sealed record LedgerEntry(int Status, string Body);
