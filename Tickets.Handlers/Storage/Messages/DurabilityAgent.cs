using JasperFx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine.Runtime;
using Wolverine.Runtime.Agents;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>Runs the recovery at every poll for as long as the process lives; a failed round is told and followed by the next.</summary>
internal sealed partial class DurabilityAgent(Uri uri, Recovery recovery, IWolverineRuntime runtime, ILogger logger) : IAgent
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public Uri Uri { get; } = uri;

    public AgentStatus Status { get; private set; } = AgentStatus.Stopped;

    public void Start()
    {
        Status = AgentStatus.Running;
        _running = Task.Run(RunAsync);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running;
        Status = AgentStatus.Stopped;
    }

    private async Task RunAsync()
    {
        await TryAsync(recovery.ReleaseAllAsync);
        await StartedAsync();
        while (!_stopping.IsCancellationRequested)
        {
            await TryAsync(() => recovery.RunAsync(_stopping.Token));
            await Task.Delay(runtime.Options.Durability.ScheduledJobPollingTime, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Endpoints can't be sent to before the host has started them.
    private async Task StartedAsync()
    {
        var started = runtime.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(started, _stopping.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // The agent must outlive every fault, or a later message would wait for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_stopping.IsCancellationRequested)
            {
                LogFailed(logger, e);
            }
        }
    }

    [LoggerMessage(3010, LogLevel.Error, "A round of message recovery failed; the next one follows")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
