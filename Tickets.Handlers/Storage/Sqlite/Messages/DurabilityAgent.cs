using JasperFx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wolverine.Runtime;
using Wolverine.Runtime.Agents;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Runs the recovery at every poll for as long as the process lives.</summary>
internal sealed class DurabilityAgent(Uri uri, Recovery recovery, IWolverineRuntime runtime) : IAgent
{
    // A round that waits for the database to come back must not keep the process from stopping.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public Uri Uri { get; } = uri;

    public AgentStatus Status { get; private set; } = AgentStatus.Stopped;

    public void Start()
    {
        Status = AgentStatus.Running;
        _running = Task.Run(RunAsync);
    }

    // Wolverine starts it by asking the store for it.
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(StopLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Status = AgentStatus.Stopped;
    }

    private async Task RunAsync()
    {
        await StartedAsync();
        while (!_stopping.IsCancellationRequested)
        {
            await recovery.RunAsync(_stopping.Token);
            await Task.Delay(runtime.Options.Durability.ScheduledJobPollingTime, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Endpoints can't be sent to before they have been started.
    private async Task StartedAsync()
    {
        var started = runtime.Services.GetService<StartSignal>()?.Started
            ?? runtime.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(started, _stopping.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
