namespace Tickets.Api.Composition;

/// <summary>One line for one fact, on the console.</summary>
internal static class Logs
{
    public static void AddLogging(this WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.SetMinimumLevel(options.LogLevel);

        // Each message handled and each request would be a line of its own; what they mean is in the audit trail.
        var quiet = options.LogLevel < LogLevel.Information ? options.LogLevel : LogLevel.Warning;
        builder.Logging.AddFilter("Microsoft", quiet);
        builder.Logging.AddFilter("Wolverine", quiet);
        builder.Logging.AddFilter("JasperFx", quiet);
        builder.Logging.AddFilter("NATS", quiet);
        builder.Logging.AddFilter("Wolverine.Nats", options.LogLevel);
        builder.Logging.AddFilter("Tickets", options.LogLevel);
    }
}
