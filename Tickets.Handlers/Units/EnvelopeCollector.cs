using Wolverine;
using Wolverine.Persistence.Durability;

namespace Tickets.Handlers.Units;

/// <summary>Stands in for a transaction while messages are published: what should be stored with it is kept here.</summary>
internal sealed class EnvelopeCollector : IEnvelopeTransaction
{
    private readonly List<Envelope> _outgoing = [];

    public IReadOnlyList<Envelope> Outgoing => _outgoing;

    public Task PersistOutgoingAsync(Envelope envelope)
    {
        _outgoing.Add(envelope);
        return Task.CompletedTask;
    }

    public Task PersistOutgoingAsync(Envelope[] envelopes)
    {
        _outgoing.AddRange(envelopes);
        return Task.CompletedTask;
    }

    public Task PersistIncomingAsync(Envelope envelope) =>
        throw new NotSupportedException("A decision sends messages; it schedules none and keeps none for this process.");

    public ValueTask RollbackAsync() => ValueTask.CompletedTask;

    public Task<bool> TryMakeEagerIdempotencyCheckAsync(Envelope envelope, DurabilitySettings settings, CancellationToken cancellation) =>
        throw new NotSupportedException("The ledger decides what is a repeat.");
}
