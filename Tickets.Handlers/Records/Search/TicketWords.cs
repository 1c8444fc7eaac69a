using System.Text;

namespace Tickets.Handlers.Records.Search;

/// <summary>Words to look for. No syntax: what is written is what is looked for, whatever its case and accents.</summary>
public sealed class TicketWords
{
    /// <summary>The longest text, in characters.</summary>
    public const int Longest = 200;

    private TicketWords(string[] words) => All = words;

    /// <summary>The words; each has a letter or a digit.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Reads words from a text.</summary>
    /// <returns>Null when it has no letter or digit, or is too long.</returns>
    public static TicketWords? From(string text)
    {
        var words = text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.EnumerateRunes().Any(Rune.IsLetterOrDigit))
            .ToArray();
        return words.Length > 0 && text.Length <= Longest ? new TicketWords(words) : null;
    }
}
