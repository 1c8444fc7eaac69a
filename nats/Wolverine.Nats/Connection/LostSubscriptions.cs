using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>
/// A server that takes a permission away removes the subscriptions that it no longer allows, and does not bring them back with the
/// permission; without its inboxes a client hears no ack and no answer. Connecting again makes them all, as soon as they are allowed.
/// </summary>
internal sealed partial class LostSubscriptions : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly NatsConnection _connection;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, bool> _had = new(StringComparer.Ordinal);
    private string? _lost;
    private int _recovering;

    public LostSubscriptions(NatsConnection connection, ILogger logger)
    {
        (_connection, _logger) = (connection, logger);
        _connection.ServerError += OnServerErrorAsync;
    }

    public void Dispose()
    {
        _connection.ServerError -= OnServerErrorAsync;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private ValueTask OnServerErrorAsync(object? sender, NatsServerErrorEventArgs error)
    {
        if (Refusal().Match(error.Error) is not { Success: true } refusal)
        {
            return ValueTask.CompletedTask;
        }

        // With its number the server tells of one that it had; a new one is the business of whoever makes it, unless it is made again.
        var subject = refusal.Groups[1].Value;
        if (refusal.Groups[2].Success)
        {
            _had[subject] = true;
        }

        if (_had.ContainsKey(subject))
        {
            Volatile.Write(ref _lost, subject);
            if (Interlocked.Exchange(ref _recovering, 1) == 0)
            {
                _ = RecoverAsync(_stopping.Token);
            }
        }

        return ValueTask.CompletedTask;
    }

    // What is still forbidden is told again after each connect.
    private async Task RecoverAsync(CancellationToken stopping)
    {
        for (var pause = ShortestPause; Interlocked.Exchange(ref _lost, null) is { } subject; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            LogLost(_logger, subject);
            await Task.Delay(pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            await ConnectAgainAsync(stopping);
        }

        Interlocked.Exchange(ref _recovering, 0);
        if (Volatile.Read(ref _lost) is not null && Interlocked.Exchange(ref _recovering, 1) == 0)
        {
            // Told of between the last look and the line before.
            await RecoverAsync(stopping);
        }
    }

    private async Task ConnectAgainAsync(CancellationToken stopping)
    {
        try
        {
            await _connection.ReconnectAsync();

            // Refusals come before the pong; the client tells of them a moment after it.
            await _connection.PingAsync(stopping);
            await Task.Delay(Moment, stopping);
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            // The client goes on connecting by itself, and makes them all when it has.
        }
    }

    [LoggerMessage(4024, LogLevel.Warning, "The server no longer allows the subscription to {Subject}; connecting again until it does")]
    private static partial void LogLost(ILogger logger, string subject);

    [GeneratedRegex("""^Permissions Violation for Subscription to "([^"]+)"( \(sid)?""")]
    private static partial Regex Refusal();
}
