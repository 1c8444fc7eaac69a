using Tickets.Handlers.Retention;

namespace Tickets.Api.Composition;

/// <summary>Reads how long things are kept from the environment variables that begin with <c>RETENTION_</c>.</summary>
internal static class RetentionSettings
{
    private const int Longest = 36_500;

    // What is in a stream may be delivered once more, and only what is kept for longer recognises it.
    private const int Shortest = Streams.DaysOfEvents + 1;

    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static RetentionOptions From(Settings settings)
    {
        var preset = new RetentionOptions();
        return preset with
        {
            Ledger = Days(settings, "RETENTION_LEDGER_DAYS", Shortest, preset.Ledger),
            Audit = Days(settings, "RETENTION_AUDIT_DAYS", 1, preset.Audit),
            Notifications = Days(settings, "RETENTION_NOTIFICATIONS_DAYS", Shortest, preset.Notifications),
        };
    }

    private static TimeSpan? Days(Settings settings, string key, int shortest, TimeSpan? otherwise)
    {
        var remedy = shortest == 1
            ? "write whole days, 0 for ever"
            : $"write whole days from {shortest}, or 0 for ever: a repeat may come as long as a stream keeps it, which is {Streams.DaysOfEvents} days";
        return settings.Number(key, 0, Longest, remedy) switch
        {
            null => otherwise,
            0 => null,
            { } days when days >= shortest => TimeSpan.FromDays(days),
            { } days => throw new ConfigurationException(key, $"{days}", remedy),
        };
    }
}
