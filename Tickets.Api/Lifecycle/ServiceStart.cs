using Tickets.Api.Composition;
using Tickets.Handlers.Storage;
using Wolverine.Transports;

namespace Tickets.Api.Lifecycle;

/// <summary>
/// Starts what needs NATS and the database when both are there, behind an HTTP server that answers from the beginning. It is
/// the first that the host starts and the last that it stops, so requests that are being answered still have all they need.
/// </summary>
public sealed partial class ServiceStart(
    Prerequisites prerequisites,
    [FromKeyedServices(DeferredServices.Key)] IEnumerable<IHostedService> services,
    IServiceProvider provider,
    IHostApplicationLifetime lifetime,
    ILogger<ServiceStart> logger) : IHostedService
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Stack<IHostedService> _started = [];
    private Task _starting = Task.CompletedTask;
    private volatile bool _isDone;

    /// <summary>Whether everything has started and nothing is being stopped.</summary>
    public bool IsOpen => _isDone && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Why requests are not answered now; null when they are.</summary>
    public string? ClosedBecause => IsOpen ? null
        : lifetime.ApplicationStopping.IsCancellationRequested ? "it is stopping"
        : prerequisites.Missing is { } missing ? $"it waits for {missing}"
        : "it is starting";

    /// <summary>Why it could not start or go on; null when nothing is amiss.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(StartAllAsync, CancellationToken.None);
        lifetime.ApplicationStarted.Register(EndWithHosted);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting;
        while (_started.TryPop(out var service))
        {
            await StopAsync(service, cancellationToken);
        }
    }

    /// <summary>Says why it ended, unless it was told to.</summary>
    /// <returns>The exit code.</returns>
    public int Report()
    {
        if (Fault is null)
        {
            return 0;
        }

        Console.Error.WriteLine(Fault is BrokerInitializationException ? Fault.GetBaseException().Message : Fault.Message);
        return 1;
    }

    private async Task StartAllAsync()
    {
        try
        {
            await prerequisites.WaitAsync(_stopping.Token);
            foreach (var service in services)
            {
                _stopping.Token.ThrowIfCancellationRequested();
                _started.Push(service);
                await service.StartAsync(CancellationToken.None);
                End(service);
            }

            provider.GetRequiredService<StartSignal>().Give();
            _isDone = true;
            Welcome.Print(provider);
        }
#pragma warning disable CA1031 // Whatever it is, the program says it in its last line and ends.
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Whoever stops it while it starts has ended whatever it was at.
        }
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e);
        }
    }

    private void EndWithHosted()
    {
        foreach (var service in provider.GetServices<IHostedService>())
        {
            End(service);
        }
    }

    private void End(IHostedService service) => (service as BackgroundService)?.ExecuteTask?.ContinueWith(
        ended => End(service, ended), CancellationToken.None, TaskContinuationOptions.NotOnRanToCompletion, TaskScheduler.Default);

    // A service that is told to stop ends as cancelled, and one that meets somebody else's cancellation does too.
    private void End(IHostedService service, Task ended)
    {
        if (ended.Exception is { } fault)
        {
            End(fault.GetBaseException());
        }
        else if (!_stopping.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            End(new InvalidOperationException($"{service.GetType().Name} was cancelled by something else than the end of the process."));
        }
    }

    private void End(Exception fault)
    {
        Fault = fault;

        // A host that is stopped while it starts throws, and would hide the fault.
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }

    private async Task StopAsync(IHostedService service, CancellationToken cancellation)
    {
        try
        {
            await service.StopAsync(cancellation);
        }
#pragma warning disable CA1031 // The others are to be stopped all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotStopped(logger, e, service.GetType().Name);
        }
    }

    [LoggerMessage(1042, LogLevel.Warning, "{Service} did not stop as it should; what it left is done by the next process")]
    private static partial void LogNotStopped(ILogger logger, Exception exception, string service);
}
