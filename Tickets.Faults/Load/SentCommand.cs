namespace Tickets.Faults.Load;

/// <summary>A command and what became of it, as its client knows it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Outcome">What is known.</param>
/// <param name="SentAt">When it was sent first, UTC.</param>
/// <param name="SettledAt">When the outcome was known or the client gave up, UTC.</param>
/// <param name="Sequence">Where the stream has said that it is; null of those over HTTP.</param>
public sealed record SentCommand(LoadCommand Command, Outcome Outcome, DateTimeOffset SentAt, DateTimeOffset SettledAt, ulong? Sequence = null);
