namespace Tickets.Api.Composition;

/// <summary>Finds variables that look like ours and that nothing reads: they are misspelt, or need another one beside them.</summary>
public static partial class UnknownSettings
{
    private const int LargestDistance = 4;
    private static readonly string[] Prefixes = ["TICKETS_", "NATS_", "NOTIFY_", "RETENTION_", "AUTH_", "MAX_", "RATE_LIMIT_", "DATABASE_", "ACK_WAIT_", "X_TENANT_"];

    // Others have such variables too: they are told of only when one of ours is near.
    private static readonly string[] CommonPrefixes = ["ALLOW_", "STOP_", "TRUSTED_"];

    // Those of the script that starts all of it, and of tools beside it.
    private static readonly string[] NotOurs = ["NATS_PORT", "NATS_CONTEXT", "NATS_CA"];

    /// <param name="names">The names of all variables.</param>
    /// <param name="known">Those that mean something.</param>
    /// <returns>A line for each.</returns>
    public static IReadOnlyList<string> In(IEnumerable<string> names, IReadOnlyCollection<string> known) =>
    [
        .. names.Where(name => !known.Contains(name) && !NotOurs.Contains(name))
            .Where(name => BeginsWith(name, Prefixes) || (BeginsWith(name, CommonPrefixes) && Spelling.Nearest(name, known, LargestDistance) is not null))
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name} is set and has no effect{(Spelling.Nearest(name, known, LargestDistance) is { } nearest ? $"; perhaps {nearest} is meant" : string.Empty)}"),
    ];

    /// <summary>A line in the log for each.</summary>
    public static void Tell(ServiceOptions options, ILogger logger)
    {
        foreach (var line in options.Unknown)
        {
            LogUnknown(logger, line);
        }
    }

    private static bool BeginsWith(string name, string[] prefixes) => Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    [LoggerMessage(1061, LogLevel.Warning, "{Setting}")]
    private static partial void LogUnknown(ILogger logger, string setting);
}
