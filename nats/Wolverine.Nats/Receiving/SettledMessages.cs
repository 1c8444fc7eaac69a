using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Removes from a work queue what its only consumer has acknowledged. Servers before 2.10 do that by themselves except for
/// what is acknowledged while the stream's leader changes: those messages stay for ever, and no consumer ever meets them.
/// </summary>
/// <param name="broker">The connection.</param>
/// <param name="consumer">The consumer.</param>
/// <param name="logger">Where it tells what it has removed.</param>
internal sealed partial class SettledMessages(NatsBroker broker, ConsumerDeclaration consumer, ILogger logger)
{
    // What is acknowledged is removed by all replicas within moments; what is there a round later stays.
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(5);

    private ulong _floor;

    /// <summary>Goes on until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (broker.Server.LeavesSettledMessages && !stopping.IsCancellationRequested)
        {
            try
            {
                await RemoveAsync(stopping);
            }
            catch (NatsException)
            {
                // The server is away, or does not let us: what stays takes room and does no harm.
            }

            await Task.Delay(BetweenRounds, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Removes what was acknowledged at the round before. Everything up to the floor was; nothing after it is touched.</summary>
    internal async Task RemoveAsync(CancellationToken cancellation)
    {
        var stream = (await broker.JetStream.GetStreamAsync(consumer.Stream, cancellationToken: cancellation)).Info;
        if (stream.Config.Retention != StreamConfigRetention.Workqueue || stream.State.ConsumerCount != 1)
        {
            return;
        }

        if (stream.State.Messages > 0 && stream.State.FirstSeq <= _floor)
        {
            var purged = await broker.JetStream.PurgeStreamAsync(consumer.Stream, new StreamPurgeRequest { Seq = _floor + 1 }, cancellation);
            LogRemoved(logger, purged.Purged, consumer.Stream);
        }

        _floor = (await broker.JetStream.GetConsumerAsync(consumer.Stream, consumer.Name, cancellation)).Info.AckFloor.StreamSeq;
    }

    [LoggerMessage(4020, LogLevel.Information, "{Count} messages of {Stream} that were acknowledged while its leader changed are removed")]
    private static partial void LogRemoved(ILogger logger, long count, string stream);
}
