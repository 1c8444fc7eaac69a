using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NatsServers;

namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Keeps what an application logs, each line with the message of its exception.</summary>
public sealed class LogLines : ILoggerProvider, ILogger, IEnumerable<string>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

    /// <summary>Waits for the first line of a level that has this in it.</summary>
    public async Task<string> WaitAsync(LogLevel level, string part, TimeSpan limit) => (await Eventually.Async(
        () => Task.FromResult(_lines.FirstOrDefault(line => line.Level == level && line.Text.Contains(part, StringComparison.Ordinal)).Text),
        found => found is not null,
        limit,
        $"the log says '{part}'"))!;

    public IEnumerator<string> GetEnumerator() => _lines.Select(line => line.Text).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception?.Message}"));

    public void Dispose()
    {
    }
}
