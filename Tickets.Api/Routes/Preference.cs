using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using Tickets.Api.Commands;

namespace Tickets.Api.Routes;

/// <summary>
/// What a client prefers to wait for: the <c>Prefer</c> header (RFC 7240), <c>respond-async</c> and <c>wait=seconds</c>, up to 30. With
/// both it is answered without an outcome once that time is up, as with the second alone.
/// </summary>
/// <param name="RespondsAsync">Whether the outcome need not be waited for.</param>
/// <param name="Seconds">How long it is waited for; null when the client does not say.</param>
internal sealed partial record Preference(bool RespondsAsync, long? Seconds)
{
    private const string RespondAsync = "respond-async";
    private const long LongestWait = 30;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for the outcome; null answers at once.</summary>
    public TimeSpan? Wait => Seconds is { } seconds
        ? seconds == 0 ? null : TimeSpan.FromSeconds(seconds)
        : RespondsAsync ? null : DefaultWait;

    /// <summary>Reads the header. What it can't read it ignores, as the RFC asks.</summary>
    public static ValueTask<Preference> BindAsync(HttpContext context)
    {
        var (respondsAsync, seconds) = (false, (long?)null);
        foreach (var (name, value) in context.Request.Headers["Prefer"].SelectMany(Read))
        {
            respondsAsync |= value.Length == 0 && name.Equals(RespondAsync, StringComparison.OrdinalIgnoreCase);
            if (name.Equals("wait", StringComparison.OrdinalIgnoreCase) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var given))
            {
                seconds ??= Math.Min(given, LongestWait);
            }
        }

        return ValueTask.FromResult(new Preference(respondsAsync, seconds));
    }

    /// <summary>What of it an answer has followed; null for nothing.</summary>
    public string? AppliedTo(CommandResult result) => (result, RespondsAsync, Seconds) switch
    {
        (CommandResult.Accepted, true, { } seconds) => $"{RespondAsync}, wait={seconds}",
        (CommandResult.Accepted, true, null) => RespondAsync,
        (CommandResult.Accepted, false, { } seconds) => $"wait={seconds}",
        (CommandResult.Answered, _, > 0 and var seconds) => $"wait={seconds}",
        _ => null,
    };

    // As nearly every client writes it.
    private static IEnumerable<(string Name, string Value)> Read(string? header) => header == RespondAsync ? [(RespondAsync, string.Empty)] : Parse(header ?? string.Empty);

    // A preference may have parameters; none of those that are known here has.
    private static IEnumerable<(string Name, string Value)> Parse(string header) =>
        from preference in Preferences().Matches(header)
        let read = NameValueHeaderValue.TryParse(preference.Value.Split(';')[0], out var pair) ? pair : null
        where read is not null
        select (read.Name.ToString(), read.GetUnescapedValue().ToString());

    // A comma between quotes does not end one.
    [GeneratedRegex("""(?>[^",]|"(?>[^"\\]|\\(?:.|\z))*(?:"|\z))+""", RegexOptions.Singleline)]
    private static partial Regex Preferences();
}
