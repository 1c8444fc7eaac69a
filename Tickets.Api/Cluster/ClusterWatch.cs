using System.Diagnostics.Metrics;
using NATS.Client.Core;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Cluster;

/// <summary>Looks at JetStream now and then, so that its state is among the metrics of each process.</summary>
internal sealed class ClusterWatch(ClusterReader reader, IWolverineRuntime runtime) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new(ClusterMetrics.MeterName);

    /// <summary>What was seen last.</summary>
    public ClusterState State { get; private set; } = ClusterState.Unknown;

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ClusterMetrics.Observe(_meter, () => State);
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(BetweenLooks, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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
        catch (Exception e) when (e is OperationCanceledException or NatsException or ObjectDisposedException)
        {
            // The process stops.
        }
    }
}
