using Microsoft.Extensions.Logging;

namespace Wolverine.Nats.Receiving;

/// <summary>Gives a delivery up: keeps a copy first and terminates it after. A failure in between leaves two copies with one id, never none.</summary>
internal sealed partial class DeadLettering(IDeadLetterTarget target, Settlement settlement, ILogger logger)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    private Task _begun = Task.CompletedTask;

    /// <summary>Whether the copies are kept in a place of the transport's own.</summary>
    public bool IsNative => target.IsNative;

    /// <summary>As <see cref="TryAsync"/>, for a caller that goes on: what can be handled must not wait for the copies of what can't. One caller at a time.</summary>
    public void Begin(NatsEnvelope envelope, DeadLetterCause cause) => _begun = Task.WhenAll(_begun, TryAsync(envelope, cause));

    /// <summary>Returns when what has begun has ended.</summary>
    public Task CompleteAsync() => _begun;

    /// <returns>False when the copy was not stored; then the delivery is given back, and comes again.</returns>
    public async Task<bool> TryAsync(NatsEnvelope envelope, DeadLetterCause cause)
    {
        // What keeps the copy or is told of it may have to wait, and nobody else holds the delivery meanwhile.
        envelope.GiveUp();
        try
        {
            await target.PublishAsync(envelope, cause, CancellationToken.None);
            LogDeadLetter(logger, envelope.Delivery.Subject, envelope.Delivery.Metadata!.Value.Sequence.Stream, cause.Reason);
            if (envelope.TrySettle())
            {
                await settlement.TerminateAsync(envelope.Delivery);
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the dead letter from being stored, the delivery must come again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogDeadLetterFailed(logger, e, envelope.Delivery.Subject);
            if (envelope.TrySettle())
            {
                await settlement.NakAsync(envelope, Delay);
            }

            return false;
        }
    }

    [LoggerMessage(4010, LogLevel.Warning, "Message {Sequence} on {Subject} was dead-lettered: {Reason}")]
    private static partial void LogDeadLetter(ILogger logger, string subject, ulong sequence, string reason);

    [LoggerMessage(4011, LogLevel.Error, "A dead letter from {Subject} could not be stored; the message will be delivered again")]
    private static partial void LogDeadLetterFailed(ILogger logger, Exception exception, string subject);
}
