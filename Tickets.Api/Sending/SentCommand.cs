using Tickets.Contracts.Commands;

namespace Tickets.Api.Sending;

/// <summary>A command that the stream has, as <c>send</c> tells it to a program.</summary>
/// <param name="Id">Its identity for good.</param>
/// <param name="Sequence">Where it stands in the stream; of a repeat, where the first one stands.</param>
/// <param name="Duplicate">Whether the stream had it already: then it is delivered to nobody.</param>
/// <param name="Outcome">What became of it; null when nobody waited for it, or not for long enough.</param>
internal sealed record SentCommand(string Id, ulong Sequence, bool Duplicate, CommandOutcome? Outcome);
