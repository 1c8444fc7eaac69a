using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tickets.Tests.Fixtures;

/// <summary>Keeps what is logged, a text for each line.</summary>
public sealed class LogLines<T> : ConcurrentQueue<string>, ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Enqueue(formatter(state, exception));
}
