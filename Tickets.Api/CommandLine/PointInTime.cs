using System.Globalization;

namespace Tickets.Api.CommandLine;

/// <summary>A time as people write it on the command line: <c>2026-01-31T09:00:00Z</c>, or how long ago, such as <c>2h</c>.</summary>
public static class PointInTime
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "a time such as 2026-01-31T09:00:00Z, or how long ago: 90s, 30m, 2h, 7d";

    // A time can't be read from a number with a unit, so the two are never taken for each other.
    private static readonly Dictionary<char, TimeSpan> Units = new()
    {
        ['s'] = TimeSpan.FromSeconds(1),
        ['m'] = TimeSpan.FromMinutes(1),
        ['h'] = TimeSpan.FromHours(1),
        ['d'] = TimeSpan.FromDays(1),
    };

    /// <summary>Reads a time.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="now">The time from which ago is counted.</param>
    /// <returns>Null when it is neither.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && Units.TryGetValue(text[^1], out var unit)
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count <= (now - DateTimeOffset.UnixEpoch) / unit ? now - (unit * count) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;
    }
}
