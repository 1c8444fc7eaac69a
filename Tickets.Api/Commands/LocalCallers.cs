using Tickets.Contracts.Commands;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Commands;

/// <summary>
/// Answers requests of this process without a way over NATS. Who has stopped waiting misses nothing: the outcome is in the
/// ledger.
/// </summary>
public sealed class LocalCallers(IWolverineRuntime runtime) : ILocalCallers
{
    private readonly NatsTransport _nats = runtime.Options.NatsTransport();

    /// <inheritdoc/>
    public bool TryAnswer(string replyTo, Guid commandId, CommandOutcome outcome)
    {
        if (replyTo != _nats.ReplySubject)
        {
            return false;
        }

        runtime.Replies.Complete(new Envelope { Message = outcome, ConversationId = commandId });
        return true;
    }
}
