using Microsoft.Extensions.Logging.Console;
using Tickets.Api.DeadLetters;

namespace Tickets.Api.Composition;

/// <summary>One line for one fact, on the console.</summary>
internal static class Logs
{
    /// <param name="builder">The host.</param>
    /// <param name="options">The settings.</param>
    /// <param name="serves">False for a word of the command line, whose output is its own and must not be mixed.</param>
    public static void AddLogging(this WebApplicationBuilder builder, ServiceOptions options, bool serves)
    {
        builder.Logging.ClearProviders();
        if (!serves)
        {
            builder.KeepWhatIsLost();
            return;
        }

        builder.AddConsoleLog(options.LogFormat);
        builder.Logging.SetMinimumLevel(options.LogLevel);

        // Each message handled and each request would be a line of its own; what they mean is in the audit trail.
        var quiet = options.LogLevel < LogLevel.Information ? options.LogLevel : LogLevel.Warning;
        builder.Logging.AddFilter("Microsoft", quiet);
        builder.Logging.AddFilter("Wolverine", quiet);
        builder.Logging.AddFilter("JasperFx", quiet);
        builder.Logging.AddFilter("NATS", quiet);

        // What ends the host is the program's last line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // Each look at /health/ready would be a line; what is amiss is told by whoever meets it.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // It would tell of each event by itself that NATS does not take; the transport tells of it once.
        builder.Logging.AddFilter("Wolverine.Persistence.Durability.DurableSendingAgent", LogLevel.None);
        builder.Logging.AddFilter("Wolverine.Nats", options.LogLevel);
        builder.Logging.AddFilter("Tickets", options.LogLevel);
    }

    private static void AddConsoleLog(this WebApplicationBuilder builder, LogFormat format)
    {
        builder.Logging.AddConsole(console => console.FormatterName = format == LogFormat.Json ? JsonLog.FormatterName : PlainLog.FormatterName);
        builder.Logging.AddConsoleFormatter<PlainLog, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<JsonLog, ConsoleFormatterOptions>();
    }

    // What a word removes for good is told on the error output, which doesn't mix with the word's own.
    private static void KeepWhatIsLost(this WebApplicationBuilder builder)
    {
        builder.AddConsoleLog(LogFormat.Text);
        builder.Logging.AddFilter((category, level) => level >= LogLevel.Warning && category == typeof(DeadLetterDesk).FullName);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
