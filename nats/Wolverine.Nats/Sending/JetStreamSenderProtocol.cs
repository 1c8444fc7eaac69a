using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Publishes a batch all at once, looks at every ack, and reports what was stored, what never can be and what should
/// be tried again, each apart: one bad message must not hold up its neighbours.
/// </summary>
internal sealed class JetStreamSenderProtocol(NatsEndpoint endpoint, ISender sender, IWolverineRuntime runtime) : ISenderProtocol
{
    public async Task SendBatchAsync(ISenderCallback callback, OutgoingMessageBatch batch)
    {
        if (batch.Messages is [var first] && first.IsPing())
        {
            await sender.PingAsync();
            return;
        }

        var faults = await Task.WhenAll(batch.Messages.Select(TrySendAsync));
        await Report(
            fault => fault is null,
            sent => endpoint.WhenConfirmed is { } confirmed ? confirmed([.. sent.Messages], runtime) : callback.MarkSuccessfulAsync(sent));
        await Report(IsPermanent, callback.MarkSerializationFailureAsync);
        await Report(
            fault => fault is not null && !IsPermanent(fault),
            failed => callback.MarkProcessingFailureAsync(failed, faults.First(fault => fault is not null && !IsPermanent(fault))));

        Task Report(Func<Exception?, bool> applies, Func<OutgoingMessageBatch, Task> mark)
        {
            var chosen = batch.Messages.Where((_, i) => applies(faults[i])).ToArray();
            return chosen.Length == 0 ? Task.CompletedTask : mark(new OutgoingMessageBatch(batch.Destination, chosen));
        }
    }

    /// <summary>A subject that is none, a body that can't be written and a message that is too large stay so for ever.</summary>
    internal static bool IsPermanent(Exception? fault) =>
        fault is not null and not PublishUnknownException and not PublishRefusedException { Permanent: false };

    private async Task<Exception?> TrySendAsync(Envelope envelope)
    {
        try
        {
            await sender.SendAsync(envelope);
            return null;
        }
        catch (OperationCanceledException e)
        {
            return new PublishUnknownException(endpoint.Subject, endpoint.StreamName, forbidden: false, e);
        }
#pragma warning disable CA1031 // Each message's fault is reported on its own; none may hide its neighbours' success.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
