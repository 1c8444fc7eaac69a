using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Looks again and again whether a consumer has passed messages over, and has it made again then: what is in the stream is
/// delivered once more, and handlers recognise what they have done. Where nothing may be made, it tells.
/// </summary>
internal sealed partial class ConsumerWatch(NatsEndpoint endpoint, ListenerSource source, ILogger logger)
{
    // While a leader is elected, answers may come from one that is behind.
    private const int SureAfter = 2;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(4);

    private readonly Provisioning.ConsumerDeclaration _consumer = source.Consumer!;
    private ulong _first;
    private ulong _firstWhenHealed;

    private string Name => $"{endpoint.Uri} ({source}): passed over";

    /// <summary>Looks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var seen = 0; !stopping.IsCancellationRequested;)
        {
            await Task.Delay(BetweenLooks, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                seen = await LookAsync(stopping) ? seen + 1 : 0;
                if (seen == SureAfter)
                {
                    await HealAsync(stopping);
                    seen = 0;
                }
                else if (seen == 0)
                {
                    endpoint.Transport.Health.ReportWell(Name);
                }
            }
            catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
            {
                // NATS does not answer now, which the listener tells; there will be another look.
                seen = 0;
            }
        }

        endpoint.Transport.Health.ReportWell(Name);
    }

    private async Task<bool> LookAsync(CancellationToken stopping)
    {
        var consumer = await source.Broker.JetStream.GetConsumerAsync(_consumer.Stream, _consumer.Name, stopping);
        var stream = await source.Broker.JetStream.GetStreamAsync(_consumer.Stream, cancellationToken: stopping);

        // What is first still after it was delivered once more stays for good: servers older than 2.10 may keep what was acknowledged.
        var first = stream.Info.State.FirstSeq;
        if (first == _firstWhenHealed || !PassedOverMessages.Exist(consumer.Info, stream.Info))
        {
            return false;
        }

        _first = first;
        return true;
    }

    private async Task HealAsync(CancellationToken stopping)
    {
        _firstWhenHealed = _first;
        if (!endpoint.Transport.Provisions)
        {
            endpoint.Transport.Health.ReportFault(Name, $"consumer {_consumer.Name} has passed over messages of {_consumer.Stream}; delete it and make it again");
            LogPassedOver(logger, _consumer.Stream, _consumer.Name);
            return;
        }

        LogMadeAgain(logger, _consumer.Stream, _consumer.Name);

        // The listeners of all processes notice, and the first one makes it.
        await source.Broker.Consumers.DeleteAsync(_consumer.Stream, _consumer.Name, stopping);
    }

    [LoggerMessage(4022, LogLevel.Warning, "{Stream} holds messages that its consumer {Consumer} has passed over, as servers older than 2.10 can leave it; the consumer is made again, and messages may be delivered once more")]
    private static partial void LogMadeAgain(ILogger logger, string stream, string consumer);

    [LoggerMessage(4023, LogLevel.Error, "{Stream} holds messages that its consumer {Consumer} has passed over; delete the consumer and make it again, which this process may not do")]
    private static partial void LogPassedOver(ILogger logger, string stream, string consumer);
}
