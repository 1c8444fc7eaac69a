using System.Diagnostics.Metrics;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Cluster;

/// <summary>
/// Looks at JetStream now and then while somebody collects metrics, so that its state is among those of each process. Where nobody does,
/// the servers are not asked.
/// </summary>
internal sealed class ClusterWatch(ClusterReader reader, IWolverineRuntime runtime, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    // Longer than any usual interval between two scrapes.
    private static readonly TimeSpan Attention = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly Meter _meter = new(ClusterMetrics.MeterName);
    private long _askedAt = long.MinValue;

    /// <summary>What was seen last.</summary>
    public ClusterState State { get; private set; } = ClusterState.Unknown;

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ClusterMetrics.Observe(_meter, Answer);
        while (!stoppingToken.IsCancellationRequested)
        {
            var isAsked = Interlocked.Read(ref _askedAt) is var askedAt && askedAt != long.MinValue && clock.GetElapsedTime(askedAt) < Attention;
            if (isAsked)
            {
                await LookAsync(stoppingToken);
            }

            await Task.Delay(isAsked ? BetweenLooks : BetweenQuestions, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ClusterState Answer()
    {
        Interlocked.Exchange(ref _askedAt, clock.GetTimestamp());
        return State;
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var nats = runtime.Options.NatsTransport();
        try
        {
            State = nats.IsConnected
                ? await reader.ReadAsync(nats.JetStream, cancellation)
                : await reader.ReadWithoutAsync("not connected to NATS", cancellation);
        }
#pragma warning disable CA1031 // Who collects metrics must not end the service by it: whatever keeps it from looking is what it tells.
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (Exception e)
#pragma warning restore CA1031
        {
            State = new ClusterState($"can't be read ({e.Message.TrimEnd('.')})", [], [.. Subjects.Streams.Select(name => new StreamState(name, "not known"))]);
        }
    }
}
