using Microsoft.Extensions.Logging;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Gives a delivery up: keeps a copy first, tells of it, and terminates it after. A failure in between leaves two copies with one id, never none. Then
/// it comes again and is given up for the same reason, without another try to handle it.
/// </summary>
internal sealed partial class DeadLettering(IDeadLetterTarget target, Settlement settlement, ILogger logger)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    private readonly GivenBack<Unfinished> _unfinished = new();
    private Task _begun = Task.CompletedTask;

    /// <summary>Whether the copies are kept in a place of the transport's own.</summary>
    public bool IsNative => target.IsNative;

    /// <summary>Why a delivery was given up that has come again since, because its copy was not stored or not told of; else null.</summary>
    public DeadLetterCause? EarlierCauseOf(NatsEnvelope envelope) => _unfinished.Of(envelope.Delivery)?.Cause;

    /// <summary>As <see cref="TryAsync"/>, for a caller that goes on: what can be handled must not wait for the copies of what can't. One caller at a time.</summary>
    public void Begin(NatsEnvelope envelope, DeadLetterCause cause) => _begun = Task.WhenAll(_begun, TryAsync(envelope, cause));

    /// <summary>Returns when what has begun has ended.</summary>
    public Task CompleteAsync() => _begun;

    /// <returns>False when the copy was not stored or not told of; then the delivery is given back, and comes again.</returns>
    public async Task<bool> TryAsync(NatsEnvelope envelope, DeadLetterCause cause)
    {
        // What keeps the copy or is told of it may have to wait, and nobody else holds the delivery meanwhile.
        envelope.GiveUp();
        var delivery = envelope.Delivery;
        var isStored = _unfinished.Of(delivery) is { IsStored: true };
        try
        {
            if (!isStored)
            {
                await target.StoreAsync(envelope, cause, CancellationToken.None);
                isStored = true;
                LogDeadLetter(logger, delivery.Subject, delivery.Metadata!.Value.Sequence.Stream, cause.Reason);
            }

            await target.TellAsync(envelope, cause);
            _unfinished.Forget(delivery);
            if (envelope.TrySettle())
            {
                await settlement.TerminateAsync(delivery);
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the dead letter from being stored or told of, the delivery must come again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnfinished(logger, e, delivery.Subject, isStored ? "is stored, but whom it concerns could not be told" : "could not be stored");
            _unfinished.Note(delivery, new Unfinished(cause, isStored));
            if (envelope.TrySettle())
            {
                await settlement.NakAsync(envelope, Delay);
            }

            return false;
        }
    }

    private sealed record Unfinished(DeadLetterCause Cause, bool IsStored);

    [LoggerMessage(4010, LogLevel.Warning, "Message {Sequence} on {Subject} was dead-lettered: {Reason}")]
    private static partial void LogDeadLetter(ILogger logger, string subject, ulong sequence, string reason);

    [LoggerMessage(4011, LogLevel.Error, "A dead letter from {Subject} {Failure}; the message will be delivered again")]
    private static partial void LogUnfinished(ILogger logger, Exception exception, string subject, string failure);
}
