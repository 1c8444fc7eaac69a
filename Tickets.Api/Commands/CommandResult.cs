using Tickets.Contracts.Commands;

namespace Tickets.Api.Commands;

/// <summary>How sending a command ended.</summary>
public abstract record CommandResult
{
    private CommandResult()
    {
    }

    /// <summary>It was handled; this is its outcome.</summary>
    public sealed record Answered(CommandOutcome Outcome) : CommandResult;

    /// <summary>It is durable and will be handled; nobody waits any longer.</summary>
    public sealed record Accepted(Guid CommandId) : CommandResult;

    /// <summary>It was not accepted and never will be.</summary>
    public sealed record Unavailable : CommandResult;
}
