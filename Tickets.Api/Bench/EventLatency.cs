using System.Buffers.Text;
using System.Diagnostics;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;

namespace Tickets.Api.Bench;

/// <summary>
/// Publishes commands at a steady rate, whatever becomes of them, and times each from its publish until the last of its events
/// has come back out of the stream.
/// </summary>
internal sealed class EventLatency(INatsJSContext jetStream, NatsLoad load)
{
    private const int EventsOfCommand = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(1);

    /// <param name="input">How many, and how many in a second. The first second warms up and is not counted.</param>
    /// <param name="report">Told how many are through.</param>
    public async Task<BenchResult> RunAsync(BenchInput input, Action<long> report)
    {
        var published = new long[input.CountFlag];
        var arrived = new long[input.CountFlag];
        using var reading = new CancellationTokenSource();
        var events = await jetStream.CreateOrderedConsumerAsync(
            Subjects.EventStream, new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.New });
        var reader = ReadAsync(events, arrived, report, reading);
        var clock = Stopwatch.StartNew();
        var faults = await PublishAsync(published, input.RateFlag);
        var seconds = clock.Elapsed.TotalSeconds;
        reading.CancelAfter(Patience);
        await reader;

        var lost = arrived.Count(at => at == 0);
        double[] latencies =
        [
            .. published.Zip(arrived).Skip(Math.Min(input.RateFlag, input.CountFlag / 2)).Where(x => x.Second > 0)
                .Select(x => Stopwatch.GetElapsedTime(x.First, x.Second).TotalMilliseconds).Order(),
        ];
        return new BenchResult(
            input.Workload, input.CountFlag, seconds, latencies, lost == 0 ? faults : [.. faults, $"{lost} commands lack events after {Patience.TotalSeconds:F0} s"]);
    }

    private async Task<IReadOnlyList<string>> PublishAsync(long[] published, int rate)
    {
        var publishing = new Task<string?>[published.Length];
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < published.Length; i++)
        {
            while (Stopwatch.GetElapsedTime(began).TotalSeconds * rate < i)
            {
                await Task.Delay(Beat);
            }

            published[i] = Stopwatch.GetTimestamp();
            publishing[i] = load.PublishAsync(i);
        }

        return [.. (await Task.WhenAll(publishing)).OfType<string>().Distinct()];
    }

    private static async Task ReadAsync(INatsJSConsumer events, long[] arrived, Action<long> report, CancellationTokenSource reading)
    {
        var seen = new int[arrived.Length];
        var complete = 0;
        try
        {
            await foreach (var message in events.ConsumeAsync<byte[]>(cancellationToken: reading.Token))
            {
                if (NumberIn(message.Data) is { } number && number < seen.Length && ++seen[number] == EventsOfCommand)
                {
                    arrived[number] = Stopwatch.GetTimestamp();
                    report(++complete);
                    if (complete == arrived.Length)
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What has not come by now is counted as missing.
        }
    }

    // The events of a command carry its ticket; what a notification's delivery says does not.
    private static int? NumberIn(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf(BenchTickets.TitlePrefix);
        return at >= 0 && Utf8Parser.TryParse(body[(at + BenchTickets.TitlePrefix.Length)..], out int number, out _) ? number : null;
    }
}
