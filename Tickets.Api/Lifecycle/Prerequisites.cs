using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Provisioning;
using Wolverine.Runtime;

namespace Tickets.Api.Lifecycle;

/// <summary>What must be there before messages are handled: the database with its tables, and NATS with its streams.</summary>
public sealed partial class Prerequisites(IMigrator migrator, IWolverineRuntime runtime, TimeProvider clock, ILogger<Prerequisites> logger)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstReminder = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private readonly NatsTransport _nats = runtime.Options.NatsTransport();

    /// <summary>What is waited for, and why; null when nothing is.</summary>
    public string? Missing { get; private set; }

    /// <summary>Returns when all of it is there, however long that takes. Makes the tables and streams that are missing.</summary>
    /// <exception cref="Exception">Waiting won't help: the message says what must be changed.</exception>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        // What waiting won't mend is told before anything is waited for.
        await _nats.InitializeEndpointsAsync(runtime);
        await ProbeNatsAsync(cancellation);
        await WaitAsync("the database", DatabaseFaultAsync, cancellation);
        await WaitAsync($"NATS at {_nats.DescribeEndpoint()}", NatsFaultAsync, cancellation);
    }

    private async Task WaitAsync(string what, Func<CancellationToken, Task<string?>> faultOf, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var silence = TimeSpan.Zero;
        for (var told = started; await faultOf(cancellation) is { } fault; await Task.Delay(BetweenTries, clock, cancellation))
        {
            Missing = $"{what}: {fault}";
            if (clock.GetElapsedTime(told) >= silence)
            {
                LogWaiting(logger, what, (int)clock.GetElapsedTime(started).TotalSeconds, fault);
                told = clock.GetTimestamp();
                silence = silence == TimeSpan.Zero ? FirstReminder : silence * 2 < LongestSilence ? silence * 2 : LongestSilence;
            }
        }

        if (Missing is not null)
        {
            Missing = null;
            LogThere(logger, what);
        }
    }

    private async Task<string?> DatabaseFaultAsync(CancellationToken cancellation)
    {
        try
        {
            await migrator.MigrateAsync(cancellation);
            return null;
        }
        catch (DatabaseAwayException e)
        {
            return e.Message;
        }
    }

    private async Task<string?> NatsFaultAsync(CancellationToken cancellation)
    {
        if (await ProbeNatsAsync(cancellation) is { } fault)
        {
            return fault;
        }

        try
        {
            await _nats.ConnectAsync(runtime);
            return null;
        }
        catch (Exception e) when (e is NatsException or NatsJSException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // A cluster that is coming up has no leader yet, or too few nodes for all copies of a stream.
            return $"its streams can't be made yet ({e.Message.TrimEnd('.')})";
        }
    }

    private async Task<string?> ProbeNatsAsync(CancellationToken cancellation)
    {
        var fault = await new ServerProbe(_nats).FaultAsync(cancellation);
        if (fault is null && !_nats.Configuration.AutoProvision)
        {
            await RequireTopologyAsync(cancellation);
        }

        return fault;
    }

    private async Task RequireTopologyAsync(CancellationToken cancellation)
    {
        var missing = (await new TopologyInspection(_nats).InspectAsync(cancellation)).Where(finding => finding.Difference is not null).ToArray();
        if (missing.Length > 0)
        {
            throw new BrokerUnusableException(
                $"NATS is not as the service needs it: {string.Join(", ", missing.Select(finding => $"{finding.Subject} ({finding.Difference})"))}. "
                    + "NATS_PROVISION is false, so the service does not make it; run './tickets resources setup' with a login that may.");
        }
    }

    [LoggerMessage(1063, LogLevel.Warning, "Waiting for {What}, for {Seconds} s now: {Fault}")]
    private static partial void LogWaiting(ILogger logger, string what, int seconds, string fault);

    [LoggerMessage(1064, LogLevel.Information, "No longer waiting for {What}: it is there")]
    private static partial void LogThere(ILogger logger, string what);
}
