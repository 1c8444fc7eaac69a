using System.Globalization;

namespace Tickets.Api.CommandLine;

/// <summary>How texts and times stand on a terminal.</summary>
internal static class Terminal
{
    /// <summary>A text in which nothing steers the terminal: strangers wrote it.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) && character != '\n' ? '\uFFFD' : character));

    /// <summary>A time to the second, in UTC.</summary>
    public static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
