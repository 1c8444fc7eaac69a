using Tickets.Api.Composition;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Lifecycle;

/// <summary>
/// Lets the process end within its limit, whatever hangs: a database that is frozen, a NATS that is gone, a caller that does not
/// read. Half of the time is for requests that are being answered, the rest for what is being handled; with the last tenth of it, what
/// is not handled by then is given back to its stream. Nothing is lost by an end at the limit: what was not finished is
/// unacknowledged, and what was not sent is in the outbox.
/// </summary>
public sealed partial class StopLimit(
    ServiceOptions options, ServiceStart start, IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<StopLimit> logger) : IDisposable
{
    private const double ShareForHandling = 0.9;

    private readonly CancellationTokenSource _requestsOver = new();
    private Timer? _giveBack;
    private Timer? _end;

    /// <summary>Cancelled when requests have had their share of the limit.</summary>
    public CancellationToken RequestsOver => _requestsOver.Token;

    /// <summary>Begins to count when the host begins to stop.</summary>
    public void Watch() => lifetime.ApplicationStopping.Register(() =>
    {
        if (start.Fault is null)
        {
            LogStopping(logger, options.StopTimeout.TotalSeconds);
        }

        _requestsOver.CancelAfter(options.StopTimeout / 2);
        _end = new Timer(_ => End(), state: null, options.StopTimeout, Timeout.InfiniteTimeSpan);

        // Also where the listeners' own turn to stop has not come. By then the services may be disposed of.
        var nats = services.GetRequiredService<IWolverineRuntime>().Options.NatsTransport();
        _giveBack = new Timer(_ => nats.GiveBackAsync(), state: null, options.StopTimeout * ShareForHandling, Timeout.InfiniteTimeSpan);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        // The timer goes on: what is disposed after this may hang as well.
        _requestsOver.Dispose();
        GC.KeepAlive(_giveBack);
        GC.KeepAlive(_end);
    }

    private void End()
    {
        LogEnded(logger, options.StopTimeout.TotalSeconds);
        Environment.Exit(start.Report());
    }

    [LoggerMessage(1043, LogLevel.Information, "Stopping: what is being done is finished, for {Seconds} s at most")]
    private static partial void LogStopping(ILogger logger, double seconds);

    [LoggerMessage(1044, LogLevel.Warning, "Not all was finished within {Seconds} s; the rest is handled by the next process")]
    private static partial void LogEnded(ILogger logger, double seconds);
}
