using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Composition;

/// <summary>
/// One line for one fact: what strangers wrote can't begin another, steer a terminal or turn text around, no secret is in it, and an
/// exception is told by its types and messages. Its stack comes with <c>LOG_LEVEL=debug</c> alone.
/// </summary>
internal sealed class PlainLog(ServiceOptions options) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    private static readonly string[] Levels = ["trce", "dbug", "info", "warn", "fail", "crit"];

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = new StringBuilder()
            .Append(DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture))
            .Append(CultureInfo.InvariantCulture, $" {Levels[(int)logEntry.LogLevel]}: {logEntry.Category}[{logEntry.EventId.Id}] ")
            .Append(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            text.Append(' ').Append(options.LogLevel <= LogLevel.Debug ? exception.ToString() : Causes(exception));
        }

        textWriter.WriteLine(Plain(options.Secrets.Apply(text.ToString())));
    }

    /// <summary>A text that stays one line and does nothing.</summary>
    internal static string Plain(string text) => text.All(Terminal.IsHarmless) ? text : string.Create(text.Length, text, static (line, given) =>
    {
        for (var i = 0; i < given.Length; i++)
        {
            line[i] = Terminal.IsHarmless(given[i]) ? given[i] : given[i] is '\n' or '\r' or '\t' ? ' ' : '\uFFFD';
        }
    });

    /// <summary>An exception's types and messages, from the outermost to the first.</summary>
    internal static string Causes(Exception exception)
    {
        var text = new StringBuilder();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            text.Append(text.Length == 0 ? string.Empty : " ---> ").Append(cause.GetType().FullName).Append(": ").Append(cause.Message);
        }

        return text.ToString();
    }
}
