using System.Globalization;

namespace Tickets.Api.CommandLine;

/// <summary>How texts and times stand on a terminal.</summary>
internal static class Terminal
{
    /// <summary>A text in which nothing steers the terminal: strangers wrote it.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(character => character == '\n' || IsHarmless(character) ? character : '\uFFFD'));

    /// <summary>Whether a character does nothing but stand there. Others separate lines in some viewers, or have what follows read from right to left.</summary>
    public static bool IsHarmless(char character) => !char.IsControl(character) && character is not ('\u2028' or '\u2029'
        or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    /// <summary>A time to the second, in UTC.</summary>
    public static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A size in bytes, in the largest unit of which it has one.</summary>
    public static string SizeOf(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };
}
