using System.Buffers;
using System.Globalization;

namespace Tickets.Handlers.Notifications;

/// <summary>Words that are looked for in texts, in upper or lower case, and as a whole: not where a letter, a mark, a digit or an underscore adjoins.</summary>
internal sealed class WholeWords
{
    private readonly string[] _words;
    private readonly SearchValues<string> _anywhere;

    /// <param name="words">None of them is empty. They may begin and end with any sign.</param>
    public WholeWords(IEnumerable<string> words)
    {
        _words = [.. words];
        _anywhere = SearchValues.Create(_words, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether one of them is in a text.</summary>
    public bool AreIn(ReadOnlySpan<char> text)
    {
        for (var from = 0; text[from..].IndexOfAny(_anywhere) is var found and >= 0; from += found + 1)
        {
            if (BeginsAt(text, from + found))
            {
                return true;
            }
        }

        return false;
    }

    private bool BeginsAt(ReadOnlySpan<char> text, int index)
    {
        if (index > 0 && IsOfWord(text[index - 1]))
        {
            return false;
        }

        foreach (var word in _words)
        {
            var rest = text[index..];
            if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (rest.Length == word.Length || !IsOfWord(rest[word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    // As \w of regular expressions.
    private static bool IsOfWord(char character) => char.IsLetterOrDigit(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
}
