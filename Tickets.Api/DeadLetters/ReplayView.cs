using Tickets.Contracts.Commands;
using Tickets.Handlers;

namespace Tickets.Api.DeadLetters;

/// <summary>What has come of a dead letter.</summary>
/// <param name="Status"><c>none</c>, <c>pending</c>, <c>succeeded</c>, <c>refused</c> or <c>dead_lettered</c>.</param>
/// <param name="MessageId">The <c>Nats-Msg-Id</c> of its latest replay; null when there was none.</param>
/// <param name="ReplayedAt">When it was replayed last, in UTC.</param>
/// <param name="Outcome">What that answered; null while nothing is known.</param>
/// <param name="DeadLetter">The sequence of the letter that its latest replay has become.</param>
internal sealed record ReplayView(string Status, string? MessageId, DateTimeOffset? ReplayedAt, CommandOutcome? Outcome, ulong? DeadLetter)
{
    public static ReplayView Of(Replay replay) =>
        new(WireName.Of(replay.Status), replay.MessageId, replay.At, replay.Outcome, replay.DeadLetter);
}
