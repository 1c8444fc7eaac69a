using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Provisioning;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Looks again and again where a consumer is and whether it has passed messages over, and has it made again then: what is in the stream is
/// delivered once more, and handlers recognise what they have done. Where nothing may be made, it tells.
/// </summary>
internal sealed partial class ConsumerWatch(NatsEndpoint endpoint, ListenerSource source, ConsumerPosition position, ILogger logger)
{
    // While a leader is elected, answers may come from one that is behind.
    private const int SureAfter = 2;

    // Servers older than 2.10 may keep for good what was acknowledged; making the consumer again does not help then.
    private const int LongestWait = 128;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(4);

    private readonly ConsumerDeclaration _consumer = source.Consumer!;
    private ConsumerInfo? _before;
    private bool _hasHealed;

    private string Name => $"{endpoint.Uri} ({source}): passed over";

    /// <summary>Looks until it is cancelled. What is delivered again after a healing, and stays, is healed after ever more looks.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var (seen, well, due) = (0, 0, SureAfter);
        while (!stopping.IsCancellationRequested)
        {
            var sighting = await LookAsync(stopping);
            (seen, well) = sighting switch
            {
                Sighting.Unknown => (seen, well),
                Sighting.Nothing => (0, well + 1),
                _ => (seen + 1, 0),
            };
            if (seen >= (sighting == Sighting.Leftovers ? due : SureAfter))
            {
                seen = 0;
                due = await HealAsync(stopping) ? Math.Min(due * 2, LongestWait) : due;
            }
            else if (well >= due)
            {
                endpoint.Transport.Health.ReportWell(Name);
                due = SureAfter;
            }

            await Task.Delay(BetweenLooks, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        endpoint.Transport.Health.ReportWell(Name);
    }

    // While NATS does not answer there is nothing to see; the listener tells of that.
    private async Task<Sighting> LookAsync(CancellationToken stopping)
    {
        try
        {
            var consumer = (await source.Broker.JetStream.GetConsumerAsync(_consumer.Stream, _consumer.Name, stopping)).Info;
            var (stream, messages) = await OwnMessagesAsync(consumer, stopping);
            var areSeen = PassedOverMessages.Exist(_before, consumer, stream, messages);
            _before = consumer;
            if (!areSeen)
            {
                position.Note(consumer, stream);
                return Sighting.Nothing;
            }

            position.Forget();
            return _hasHealed && PassedOverMessages.WereDelivered(consumer, messages) ? Sighting.Leftovers : Sighting.PassedOver;
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            return Sighting.Unknown;
        }
    }

    // What others receive, and schedules that wait, are no business of this consumer. To count its own costs the server more.
    private async Task<(StreamInfo Stream, long Messages)> OwnMessagesAsync(ConsumerInfo consumer, CancellationToken stopping)
    {
        var stream = await StreamAsync(request: null, stopping);
        var messages = stream.State.Messages;
        if (PassedOverMessages.Exist(_before, consumer, stream, messages) && PassedOverMessages.CountOf(_consumer.Filter, stream) is null)
        {
            stream = await StreamAsync(new StreamInfoRequest { SubjectsFilter = _consumer.Filter }, stopping);
            messages = PassedOverMessages.CountOf(_consumer.Filter, stream) ?? 0;
        }

        return (stream, messages);
    }

    private async Task<StreamInfo> StreamAsync(StreamInfoRequest? request, CancellationToken stopping) =>
        (await source.Broker.JetStream.GetStreamAsync(_consumer.Stream, request, stopping)).Info;

    // False where nothing may be made: then somebody else makes it, and the next looks tell at once.
    private async Task<bool> HealAsync(CancellationToken stopping)
    {
        if (!endpoint.Transport.Provisions)
        {
            endpoint.Transport.Health.ReportFault(Name, $"consumer {_consumer.Name} has passed over messages of {_consumer.Stream}; delete it and make it again");
            LogPassedOver(logger, _consumer.Stream, _consumer.Name);
            return false;
        }

        LogMadeAgain(logger, _consumer.Stream, _consumer.Name);
        try
        {
            // The listeners of all processes notice, and the first one makes it.
            await source.Broker.Consumers.DeleteAsync(_consumer.Stream, _consumer.Name, stopping);
            _hasHealed = true;
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            // Seen again, it is tried again.
        }

        return true;
    }

    private enum Sighting
    {
        Unknown,
        Nothing,
        PassedOver,
        Leftovers,
    }

    [LoggerMessage(4022, LogLevel.Warning, "{Stream} holds messages that its consumer {Consumer} has passed over, as servers older than 2.10 can leave it; the consumer is made again, and messages may be delivered once more")]
    private static partial void LogMadeAgain(ILogger logger, string stream, string consumer);

    [LoggerMessage(4023, LogLevel.Error, "{Stream} holds messages that its consumer {Consumer} has passed over; delete the consumer and make it again, which this process may not do")]
    private static partial void LogPassedOver(ILogger logger, string stream, string consumer);
}
