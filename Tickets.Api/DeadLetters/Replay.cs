using Tickets.Api.CommandLine;
using Tickets.Contracts.Commands;

namespace Tickets.Api.DeadLetters;

/// <summary>What has come of a dead letter.</summary>
/// <param name="Status">In a word.</param>
/// <param name="MessageId">The <c>Nats-Msg-Id</c> of its latest replay; null when there was none.</param>
/// <param name="At">When it was replayed last, UTC; null when it was not, or nobody had time to note it.</param>
/// <param name="Outcome">What that answered; null while nothing is known.</param>
/// <param name="DeadLetter">The sequence of the letter that its latest replay has become.</param>
public sealed record Replay(ReplayStatus Status, string? MessageId, DateTimeOffset? At = null, CommandOutcome? Outcome = null, ulong? DeadLetter = null)
{
    /// <summary>For people.</summary>
    public override string ToString()
    {
        var replayed = $"replayed{(At is { } at ? $" {Terminal.TimeOf(at)}" : string.Empty)} as {MessageId}";
        return Status switch
        {
            ReplayStatus.None => "nobody has replayed it",
            ReplayStatus.Pending => $"{replayed}; it waits to be handled",
            ReplayStatus.Succeeded when MessageId is null => "it has taken effect",
            ReplayStatus.Succeeded => $"{replayed}; it has taken effect",
            ReplayStatus.Refused => $"{replayed}; it was refused and changed nothing",
            _ => $"{replayed}; it was given up again{(DeadLetter is { } again ? $", as dead letter {again}" : string.Empty)}",
        };
    }
}
