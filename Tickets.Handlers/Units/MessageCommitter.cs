using System.Data.Common;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Wolverine;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Tickets.Handlers.Units;

/// <summary>Commits a write together with the messages it causes. Wolverine sends those after its handler has ended.</summary>
/// <param name="committer">Writes.</param>
/// <param name="outbox">Where messages wait to be sent.</param>
/// <param name="bundles">Whether several messages of a change are kept as one; false keeps each by itself.</param>
public sealed class MessageCommitter(GroupCommitter committer, IOutgoingMessages outbox, bool bundles = true)
{
    /// <summary>The envelope header that says which ticket a message is about.</summary>
    public const string SubjectHeader = "ce-subject";

    /// <summary>Returns when all of it is durable.</summary>
    /// <param name="context">The message being handled.</param>
    /// <param name="tenant">Whose rows are written.</param>
    /// <param name="messages">What is sent after the commit. Their bodies are written inside the transaction.</param>
    /// <param name="write">The write; false means a repeat, and then nothing is stored or sent.</param>
    /// <param name="cancellation">Ends the waiting for a place in a group.</param>
    /// <returns>What <paramref name="write"/> returned.</returns>
    public async Task<bool> CommitAsync(
        MessageContext context,
        string tenant,
        IReadOnlyList<ITicketMessage> messages,
        Func<DbTransaction, CancellationToken, ValueTask<bool>> write,
        CancellationToken cancellation)
    {
        var collector = new EnvelopeCollector();
        await context.EnlistInOutboxAsync(collector);
        var record = messages.OfType<AuditRecorded>().FirstOrDefault();
        foreach (var message in bundles && messages.Count > 1 ? BundleOf(messages, record) : messages.AsEnumerable<object>())
        {
            await context.PublishAsync(message);
        }

        foreach (var envelope in collector.Outgoing)
        {
            // Wolverine gives it the span of the handler, and there is none while nobody listens to traces.
            envelope.ParentId ??= context.Envelope?.ParentId;
            Describe(envelope, messages[0].TicketId, record);
        }

        // While nothing can be sent, they are stored for whoever can send first, and not kept in memory.
        var isForAnyNode = collector.Outgoing.Count > 0 && collector.Outgoing.All(
            envelope => context.Runtime.Endpoints.GetOrBuildSendingAgent(envelope.Destination!).Latched);
        var owner = isForAnyNode ? TransportConstants.AnyNode : context.Runtime.Options.Durability.AssignedNodeNumber;
        var unit = new MessageUnit(tenant, write, collector.Outgoing, outbox, owner);
        await committer.CommitAsync(unit, cancellation);
        if (!unit.Written || isForAnyNode)
        {
            await context.ClearAllAsync();
        }

        return unit.Written;
    }

    private static IEnumerable<object> BundleOf(IReadOnlyList<ITicketMessage> messages, AuditRecorded? record) =>
        [new EventBundle([.. messages.Select(message => (IdentityOf(message, record) ?? TimedId.New(), message))])];

    // What it is about, and who it is: by the record of the change, from which it can be rebuilt with the same id and time.
    private static void Describe(Envelope envelope, Guid ticket, AuditRecorded? record)
    {
        envelope.Headers[SubjectHeader] = ticket.ToString();
        if (record is not null && (envelope.Message is EventBundle ? record.Id : IdentityOf(envelope.Message!, record)) is { } id)
        {
            envelope.Id = id;
            envelope.SentAt = record.OccurredAt;
        }
    }

    private static Guid? IdentityOf(object message, AuditRecorded? record) => record is null ? null : EventIdentity.Of(record, message);
}
