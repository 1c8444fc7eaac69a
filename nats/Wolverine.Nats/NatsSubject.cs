namespace Wolverine.Nats;

/// <summary>
/// Checks subjects before they reach the client, which accepts wildcards, empty tokens and white space where the
/// server then stores them literally. Rules: NATS protocol, "Subject-Based Messaging".
/// </summary>
public static class NatsSubject
{
    // A server closes a connection whose publish has a line of more than 4096 bytes: the subject, up to three bytes a
    // character, the ack's subject and the sizes.
    internal const int Longest = 1000;

    /// <summary>A subject to publish to: tokens separated by dots, no wildcards, up to 1000 characters.</summary>
    /// <returns><paramref name="subject"/> itself.</returns>
    /// <exception cref="InvalidSubjectException">
    /// It is empty or too long, has an empty token, white space, control characters or a wildcard.
    /// </exception>
    public static string Publishable(string subject) =>
        Check(subject, wildcards: false) is { } fault ? throw new InvalidSubjectException(subject, fault) : subject;

    /// <summary>A subject to subscribe to: <c>*</c> stands for one token, a last <c>&gt;</c> for one or more.</summary>
    /// <returns><paramref name="subject"/> itself.</returns>
    /// <exception cref="InvalidSubjectException">As for <see cref="Publishable"/>, but whole-token wildcards are allowed.</exception>
    public static string Filter(string subject) =>
        Check(subject, wildcards: true) is { } fault ? throw new InvalidSubjectException(subject, fault) : subject;

    /// <summary>One token of a subject to publish to.</summary>
    /// <returns><paramref name="token"/> itself.</returns>
    /// <exception cref="InvalidSubjectException">As for <see cref="Publishable"/>, or it has a dot.</exception>
    public static string Token(string token) =>
        Publishable(token).Contains('.', StringComparison.Ordinal) ? throw new InvalidSubjectException(token, "a token has no dots") : token;

    /// <summary>Whether every subject that <paramref name="subject"/> stands for is one that <paramref name="filter"/> stands for.</summary>
    /// <param name="filter">A subject, wildcards allowed.</param>
    /// <param name="subject">A subject, wildcards allowed.</param>
    public static bool Covers(string filter, string subject)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(subject);
        for (ReadOnlySpan<char> filters = filter, tokens = subject; ;)
        {
            var wanted = First(filters);
            var token = First(tokens);
            if (wanted is ">")
            {
                return true;
            }

            if (token is ">" || (wanted is not "*" && !wanted.SequenceEqual(token)))
            {
                return false;
            }

            var (isLastWanted, isLast) = (wanted.Length == filters.Length, token.Length == tokens.Length);
            if (isLastWanted || isLast)
            {
                return isLastWanted && isLast;
            }

            filters = filters[(wanted.Length + 1)..];
            tokens = tokens[(token.Length + 1)..];
        }
    }

    /// <summary>Whether a subject can be published to: see <see cref="Publishable"/>.</summary>
    public static bool IsPublishable(string subject) => Check(subject, wildcards: false) is null;

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> subject) => subject.IndexOf('.') is >= 0 and var end ? subject[..end] : subject;

    internal static bool HasWildcard(string subject) => subject.AsSpan().ContainsAny('*', '>');

    private static string? Check(string? subject, bool wildcards)
    {
        if (string.IsNullOrEmpty(subject))
        {
            return "it is empty";
        }

        if (subject.Length > Longest)
        {
            return $"it has {subject.Length} characters, and at most {Longest} can be published to";
        }

        for (var rest = subject.AsSpan(); ;)
        {
            var end = rest.IndexOf('.');
            if (Check(end < 0 ? rest : rest[..end], isLast: end < 0, wildcards) is { } fault)
            {
                return fault;
            }

            if (end < 0)
            {
                return null;
            }

            rest = rest[(end + 1)..];
        }
    }

    private static string? Check(ReadOnlySpan<char> token, bool isLast, bool wildcards)
    {
        if (token.Length == 0)
        {
            return "it has an empty token";
        }

        foreach (var character in token)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                return "it has white space or control characters";
            }
        }

        var wildcard = token is "*" || (token is ">" && isLast);
        return !token.ContainsAny('*', '>') || (wildcards && wildcard) ? null
            : wildcards ? "a wildcard must be a whole token, and '>' the last one" : "wildcards can't be published to";
    }
}
