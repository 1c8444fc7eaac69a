using System.Globalization;

namespace Tickets.Api.Routes;

/// <summary>
/// What a client prefers to wait for: the <c>Prefer</c> header (RFC 7240), <c>respond-async</c> and <c>wait=seconds</c>, up to 30. With
/// both it is answered without an outcome once that time is up, as with the second alone.
/// </summary>
/// <param name="Wait">How long to wait for the outcome; null answers at once.</param>
/// <param name="Applied">The preference that was followed; null when none was asked for.</param>
internal sealed record Preference(TimeSpan? Wait, string? Applied)
{
    private const string RespondAsync = "respond-async";
    private const int LongestWait = 30;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);

    /// <summary>Reads the header. What it can't read it ignores, as the RFC asks.</summary>
    public static ValueTask<Preference> BindAsync(HttpContext context)
    {
        var preferences = context.Request.Headers["Prefer"]
            .SelectMany(header => (header ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
            .ToArray();
        var respondsAsync = preferences.Contains(RespondAsync, StringComparer.OrdinalIgnoreCase);
        foreach (var preference in preferences)
        {
            if (preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && long.TryParse(preference[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds > 0)
            {
                var wait = Math.Min(seconds, LongestWait);
                return ValueTask.FromResult(new Preference(TimeSpan.FromSeconds(wait), respondsAsync ? $"{RespondAsync}, wait={wait}" : $"wait={wait}"));
            }
        }

        return ValueTask.FromResult(respondsAsync ? new Preference(null, RespondAsync) : new Preference(DefaultWait, null));
    }
}
