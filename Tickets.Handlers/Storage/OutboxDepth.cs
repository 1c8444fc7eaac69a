using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Storage;

/// <summary>
/// Watches how much waits in the outbox. From the limit on until half of it is left, whoever would add to it waits: then
/// commands stay where they are safe, in their stream, and the database doesn't grow without end while nothing can be sent.
/// </summary>
public sealed partial class OutboxDepth : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly IOutgoingMessages _outbox;
    private readonly OutboxLimit _limit;
    private readonly CancellationToken _stopping;
    private readonly ILogger<OutboxDepth> _logger;
    private readonly Meter _meter = new(StorageInstrumentation.Name);
    private volatile TaskCompletionSource? _untilRoom;

    /// <summary>Made by the container; it looks once it is started.</summary>
    public OutboxDepth(IOutgoingMessages outbox, OutboxLimit limit, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OutboxDepth> logger)
    {
        (_outbox, _limit, _stopping, _logger) = (outbox, limit, lifetime.ApplicationStopping, logger);
        _meter.CreateObservableGauge("tickets.outbox.messages", () => State.Messages, "{message}", "What is committed and not confirmed by NATS yet; the messages of one change count as one");
        _meter.CreateObservableGauge("tickets.outbox.age", () => State.AgeAt(clock.GetUtcNow()).TotalSeconds, "s", "For how long the oldest of them has waited");
    }

    /// <summary>What waited a second ago.</summary>
    public OutboxState State { get; private set; }

    /// <summary>Whether so much waits that nothing is to be added.</summary>
    public bool IsFull => _untilRoom is not null;

    /// <summary>Returns when there is room, which is at once unless the outbox is full.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="OutboxFullException">The process stops before there is room.</exception>
    public Task RoomAsync(CancellationToken cancellation) => _untilRoom is { } full ? WaitAsync(full.Task, cancellation) : Task.CompletedTask;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(BetweenLooks, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Not until this service is stopped: Wolverine would wait for its handlers first, as long as it may, and then not give back what is
    // in line behind them.
    private async Task WaitAsync(Task room, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping);
        try
        {
            await room.WaitAsync(ends.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new OutboxFullException();
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            State = await _outbox.LookAsync(_limit.Messages, cancellation);
            Report(State.Messages);
        }
#pragma warning disable CA1031 // The committer tells what is wrong with the database; this must go on looking.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnknown(_logger, e.Message);
        }
    }

    private void Report(long waiting)
    {
        if (_untilRoom is null && waiting >= _limit.Messages)
        {
            _untilRoom = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            LogFull(_logger, waiting);
        }
        else if (_untilRoom is { } full && waiting <= _limit.Messages / 2)
        {
            _untilRoom = null;
            full.TrySetResult();
            LogRoom(_logger, waiting);
        }
    }

    [LoggerMessage(3020, LogLevel.Error, "The messages of {Waiting} changes wait in the outbox because NATS does not take them; no more commands are handled until there are fewer")]
    private static partial void LogFull(ILogger logger, long waiting);

    [LoggerMessage(3021, LogLevel.Information, "The outbox is down to the messages of {Waiting} changes; commands are handled again")]
    private static partial void LogRoom(ILogger logger, long waiting);

    [LoggerMessage(3022, LogLevel.Debug, "The outbox can't be counted now: {Fault}")]
    private static partial void LogUnknown(ILogger logger, string fault);
}
