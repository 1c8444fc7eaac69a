using Microsoft.Extensions.Logging;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>
/// Publishes a batch all at once, looks at every ack, and reports what was stored, what never can be and what should
/// be tried again, each apart: one bad message must not hold up its neighbours.
/// </summary>
internal sealed class JetStreamSenderProtocol : ISenderProtocol
{
    private readonly NatsEndpoint _endpoint;
    private readonly ISender _sender;
    private readonly IWolverineRuntime _runtime;
    private readonly WaitingRoom _waitingRoom;

    public JetStreamSenderProtocol(NatsEndpoint endpoint, ISender sender, IWolverineRuntime runtime)
    {
        _endpoint = endpoint;
        _sender = sender;
        _runtime = runtime;
        _waitingRoom = new WaitingRoom(endpoint, TrySendAsync, runtime.LoggerFactory.CreateLogger<NatsEndpoint>(), runtime.Cancellation);
    }

    // The application may have said by itself what becomes of messages that can't be sent.
    private bool HasPolicies => _runtime.Options.SendingFailure.Failures.Any() || _endpoint.SendingFailure?.Failures.Any() == true;

    public async Task SendBatchAsync(ISenderCallback callback, OutgoingMessageBatch batch)
    {
        if (batch.Messages is [var first] && first.IsPing())
        {
            await _sender.PingAsync();
            return;
        }

        var outcome = new BatchOutcome([.. batch.Messages], await Task.WhenAll(batch.Messages.Select(TrySendAsync)));
        await Report(outcome.Stored, callback.MarkSuccessfulAsync);
        await Report(outcome.Unsendable, callback.MarkSerializationFailureAsync);
        await Report(outcome.Unconfirmed, unconfirmed => callback is ISendingAgent { IsDurable: false } && !HasPolicies
            ? _waitingRoom.AddAsync(callback, outcome.Unconfirmed, outcome.Fault!)
            : callback.MarkProcessingFailureAsync(unconfirmed, outcome.Fault));

        Task Report(IReadOnlyList<Envelope> envelopes, Func<OutgoingMessageBatch, Task> mark) =>
            envelopes.Count == 0 ? Task.CompletedTask : mark(new OutgoingMessageBatch(batch.Destination, envelopes));
    }

    private async Task<Exception?> TrySendAsync(Envelope envelope)
    {
        try
        {
            await _sender.SendAsync(envelope);
            return null;
        }
        catch (OperationCanceledException e)
        {
            return new PublishUnknownException(_endpoint.Subject, _endpoint.StreamName, forbidden: false, e);
        }
#pragma warning disable CA1031 // Each message's fault is reported on its own; none may hide its neighbours' success.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
