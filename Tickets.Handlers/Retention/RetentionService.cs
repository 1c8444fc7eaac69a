using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tickets.Handlers.Retention;

/// <summary>Prunes for as long as the process runs.</summary>
public sealed partial class RetentionService(Pruning pruning, RetentionOptions options, ILogger<RetentionService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval);
        do
        {
            try
            {
                var removed = await pruning.RunAsync(stoppingToken);
                LogPruned(logger, removed);
            }
#pragma warning disable CA1031 // One round that fails must not end the others.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(2020, LogLevel.Debug, "{Removed} old rows were removed")]
    private static partial void LogPruned(ILogger logger, int removed);

    [LoggerMessage(2021, LogLevel.Warning, "Old rows could not be removed; the next round tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
