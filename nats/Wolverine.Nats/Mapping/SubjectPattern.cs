using System.Collections.Frozen;

namespace Wolverine.Nats.Mapping;

/// <summary>
/// A subject with named tokens and wildcards, such as <c>orders.{tenant}.*.new</c> or <c>orders.{tenant}.&gt;</c>. A name
/// in braces stands for one token.
/// </summary>
public sealed class SubjectPattern
{
    private readonly string[] _tokens;
    private readonly string _filter;

    /// <summary>Parses a pattern.</summary>
    /// <exception cref="InvalidSubjectException">Without its names it is no subject.</exception>
    public SubjectPattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        _tokens = pattern.Split('.');
        _filter = NatsSubject.Filter(string.Join('.', _tokens.Select(token => IsName(token) ? "*" : token)));
    }

    /// <summary>Reads the named tokens of a subject.</summary>
    /// <returns>Whether the subject has this form.</returns>
    public bool TryMatch(string subject, out IReadOnlyDictionary<string, string> named)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (!NatsSubject.Covers(_filter, subject))
        {
            named = FrozenDictionary<string, string>.Empty;
            return false;
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        named = found;
        var tokens = subject.Split('.');
        for (var i = 0; i < _tokens.Length; i++)
        {
            if (IsName(_tokens[i]))
            {
                found[_tokens[i][1..^1]] = tokens[i];
            }
        }

        return true;
    }

    private static bool IsName(string token) => token.Length > 2 && token[0] == '{' && token[^1] == '}';
}
