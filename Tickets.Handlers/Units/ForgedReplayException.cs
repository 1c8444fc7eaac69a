using Tickets.Contracts;

namespace Tickets.Handlers.Units;

/// <summary>A command that says it is a replay, and that no operator has sent.</summary>
public sealed class ForgedReplayException() : Exception(
    $"the header {CommandHeaders.ReplayedCommand} is for replays that an operator sends; leave it out, or replay the dead letter again");
