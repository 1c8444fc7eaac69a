using Microsoft.Extensions.Logging;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Tells the outbox what became of messages: stored, never to be sent, or to be sent again.</summary>
internal sealed partial class OutboxReports(NatsEndpoint endpoint, IWolverineRuntime runtime)
{
    private readonly ILogger _logger = runtime.LoggerFactory.CreateLogger<NatsEndpoint>();
    private ISenderCallback? _callback;

    public void To(ISenderCallback callback) => _callback = callback;

    /// <summary>Nothing is published while the circuit is open: the outbox has these, and would have to be told of each that fails.</summary>
    public Task LatchedAsync(IReadOnlyList<Envelope> batch) => _callback!.MarkSenderIsLatchedAsync(BatchOf(batch));

    /// <summary>Reports those that are stored and those that never can be.</summary>
    public async Task ReportAsync(IReadOnlyList<Envelope> batch, Exception?[] faults)
    {
        var sent = batch.Where((_, i) => faults[i] is null).ToArray();
        if (sent.Length > 0)
        {
            await (endpoint.WhenConfirmed is { } confirmed ? confirmed(sent, runtime) : _callback!.MarkSuccessfulAsync(BatchOf(sent)));
        }

        var lost = batch.Zip(faults).Where(pair => PipelinedSender.IsPermanent(pair.Second)).ToArray();
        if (lost.Length > 0)
        {
            // Wolverine says that they can't be serialized, whatever it was.
            foreach (var (envelope, fault) in lost)
            {
                LogGivenUp(_logger, envelope.Id, envelope.MessageType, endpoint.Uri, $"{fault!.GetType().Name}: {fault.Message}");
            }

            await _callback!.MarkSerializationFailureAsync(BatchOf(Array.ConvertAll(lost, pair => pair.First)));
        }
    }

    /// <summary>Gives back what can't be sent now.</summary>
    /// <param name="batch">The messages.</param>
    /// <param name="fault">Why.</param>
    /// <param name="othersAreTaken">Whether others are sent, so that the circuit stays closed.</param>
    public Task GiveBackAsync(IReadOnlyList<Envelope> batch, Exception fault, bool othersAreTaken)
    {
        LogGivenBack(_logger, batch.Count, endpoint.Uri, fault.Message);
        return othersAreTaken && _callback is SendingAgent agent
            ? agent.EnqueueForRetryAsync(BatchOf(batch))
            : _callback!.MarkProcessingFailureAsync(BatchOf(batch), fault);
    }

    /// <summary>Gives back those of which something threw before it was said what became of them: until then no other process sends them.</summary>
    public async Task GiveBackAsync(IReadOnlyList<Envelope> batch, Exception exception)
    {
        LogUnreported(_logger, exception, batch.Count, endpoint.Uri);
        try
        {
            await (_callback is SendingAgent agent ? agent.EnqueueForRetryAsync(BatchOf(batch)) : _callback!.MarkProcessingFailureAsync(BatchOf(batch), exception));
        }
#pragma warning disable CA1031 // The next batch must be sent whatever became of this one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogKept(_logger, e, batch.Count, endpoint.Uri);
        }
    }

    private OutgoingMessageBatch BatchOf(IReadOnlyList<Envelope> envelopes) => new(endpoint.Uri, envelopes);

    [LoggerMessage(4035, LogLevel.Error, "Message {Id} of type {MessageType} to {Destination} can't be sent and is given up: {Fault}")]
    private static partial void LogGivenUp(ILogger logger, Guid id, string? messageType, Uri destination, string fault);

    [LoggerMessage(4033, LogLevel.Warning, "{Count} messages to {Destination} are not sent yet and stay in the outbox until they can be: {Fault}")]
    private static partial void LogGivenBack(ILogger logger, int count, Uri destination, string fault);

    [LoggerMessage(4034, LogLevel.Error, "{Count} messages to {Destination} could not be given back to the outbox; they are sent when this process has ended")]
    private static partial void LogKept(ILogger logger, Exception exception, int count, Uri destination);

    [LoggerMessage(4032, LogLevel.Error, "What became of {Count} messages to {Destination} could not be reported; they are in the outbox and will be sent again")]
    private static partial void LogUnreported(ILogger logger, Exception exception, int count, Uri destination);
}
