namespace Wolverine.Nats.Mapping;

/// <summary>
/// A subject with named tokens, such as <c>ticket.commands.{tenant}.create</c>. A name in braces stands for one token.
/// </summary>
public sealed class SubjectPattern
{
    private readonly string[] _tokens;

    /// <summary>Parses a pattern.</summary>
    /// <exception cref="InvalidSubjectException">Without its names it is no subject.</exception>
    public SubjectPattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        _tokens = pattern.Split('.');
        NatsSubject.Publishable(string.Join('.', _tokens.Select(token => IsName(token) ? "x" : token)));
    }

    /// <summary>Reads the named tokens of a subject.</summary>
    /// <returns>Whether the subject has this form.</returns>
    public bool TryMatch(string subject, out IReadOnlyDictionary<string, string> named)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        named = found;
        var tokens = subject.Split('.');
        if (tokens.Length != _tokens.Length)
        {
            return false;
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if (IsName(_tokens[i]))
            {
                found[_tokens[i][1..^1]] = tokens[i];
            }
            else if (!string.Equals(_tokens[i], tokens[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsName(string token) => token.Length > 2 && token[0] == '{' && token[^1] == '}';
}
