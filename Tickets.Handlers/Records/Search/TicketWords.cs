using System.Text;

namespace Tickets.Handlers.Records.Search;

/// <summary>Words to look for. No syntax: what is written is what is looked for, whatever its case and accents.</summary>
public sealed class TicketWords
{
    /// <summary>The longest text, in characters.</summary>
    public const int Longest = 200;

    private readonly string[] _words;

    private TicketWords(string[] words) => _words = words;

    /// <summary>Reads words from a text.</summary>
    /// <returns>Null when it has no letter or digit, or is too long.</returns>
    public static TicketWords? From(string text)
    {
        var words = text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.EnumerateRunes().Any(Rune.IsLetterOrDigit))
            .ToArray();
        return words.Length > 0 && text.Length <= Longest ? new TicketWords(words) : null;
    }

    /// <summary>As an FTS5 query: each word in quotes, so that none is an operator.</summary>
    internal string ToMatch(string tenant)
    {
        var quoted = _words.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        return $"scope : {TicketIndex.ScopeOf(tenant)} AND {{title description}} : ({string.Join(" AND ", quoted)})";
    }
}
