using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// Leaves a channel alone for a moment when nearly all that it was given has failed. Handlers that wait for the timeouts of a channel that
/// hangs are missing to all others.
/// </summary>
internal sealed partial class ChannelCircuit
{
    // With fewer in that time no more than a few handlers wait.
    private const int LeastTries = 20;
    private const double MostFailures = 0.9;
    private static readonly TimeSpan Observed = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private readonly string _channel;
    private readonly ResiliencePipeline _pipeline;

    /// <param name="channel">The channel.</param>
    /// <param name="clock">Tells when it may be tried again.</param>
    /// <param name="logger">Told when it is left alone, and when no longer.</param>
    public ChannelCircuit(string channel, TimeProvider clock, ILogger logger)
    {
        _channel = channel;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<DeliveryFailedException>(fault => !fault.IsPermanent),
                MinimumThroughput = LeastTries,
                FailureRatio = MostFailures,
                SamplingDuration = Observed,
                BreakDuration = Break,
                OnOpened = opened =>
                {
                    LogLeftAlone(logger, channel, Break, opened.Outcome.Exception?.Message);
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    LogWell(logger, channel);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Delivers, unless the channel is left alone.</summary>
    /// <param name="deliver">Delivers.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <exception cref="DeliveryFailedException">It is left alone, or did not take it.</exception>
    public async Task DeliverAsync(Func<CancellationToken, Task> deliver, CancellationToken cancellation)
    {
        try
        {
            await _pipeline.ExecuteAsync(static async (deliver, token) => await deliver(token), deliver, cancellation);
        }
        catch (BrokenCircuitException e)
        {
            throw new DeliveryFailedException(
                $"the channel '{_channel}' is left alone for {Break.TotalSeconds} s, as nearly all failed{(e.InnerException is { } last ? $": {last.Message}" : string.Empty)}", permanent: false, e);
        }
    }

    [LoggerMessage(2023, LogLevel.Warning, "The channel {Channel} is left alone for {Break}, as nearly all that it was given has failed: {Reason}")]
    private static partial void LogLeftAlone(ILogger logger, string channel, TimeSpan @break, string? reason);

    [LoggerMessage(2024, LogLevel.Information, "The channel {Channel} takes notifications again")]
    private static partial void LogWell(ILogger logger, string channel);
}
