using Tickets.Contracts.Commands;

namespace Tickets.Api.Commands;

/// <summary>How sending a command ended.</summary>
public abstract record CommandResult
{
    private CommandResult()
    {
    }

    /// <summary>It was handled; this is its outcome.</summary>
    /// <param name="Outcome">The outcome.</param>
    /// <param name="Replayed">Whether an earlier request with the same key got it first.</param>
    public sealed record Answered(CommandOutcome Outcome, bool Replayed = false) : CommandResult;

    /// <summary>It is durable and will be handled; nobody waits any longer.</summary>
    public sealed record Accepted(Guid CommandId) : CommandResult;

    /// <summary>It was not accepted and never will be.</summary>
    public sealed record Unavailable : CommandResult;

    /// <summary>NATS takes no message of its size, however often it is sent. It was not accepted.</summary>
    /// <param name="Bytes">The size of its body.</param>
    public sealed record TooLarge(int Bytes) : CommandResult
    {
        /// <summary>As a sentence.</summary>
        public string Detail =>
            $"The command has {Bytes} bytes, more than NATS takes here: max_payload of the server, or max_msg_size of the stream. Nothing was accepted; make it smaller.";
    }

    /// <summary>Neither NATS nor the database has said whether it is accepted.</summary>
    public sealed record Unknown(Guid CommandId) : CommandResult;

    /// <summary>So many events wait for NATS that no more commands are taken.</summary>
    public sealed record Overloaded : CommandResult;

    /// <summary>An earlier request with the same key has no outcome yet.</summary>
    public sealed record InFlight : CommandResult;

    /// <summary>An earlier request with the same key asked for something else.</summary>
    public sealed record KeyReused : CommandResult;
}
