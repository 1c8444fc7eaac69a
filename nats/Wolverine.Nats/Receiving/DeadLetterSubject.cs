using System.Security.Cryptography;
using System.Text;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// The subject of a dead letter. A stranger may have published where this transport does not: a server takes subjects of
/// almost 4096 bytes, with wildcards, empty tokens or odd spaces in them. Their letters must be stored all the same.
/// </summary>
internal static class DeadLetterSubject
{
    // What is shorter stays readable, a tenant's name above all.
    private const int LongestToken = 64;
    private const int HashBytes = 16;

    /// <summary>A subject to publish to: <paramref name="subject"/> itself, or one that is as much like it as can be.</summary>
    public static string Of(string subject)
    {
        if (NatsSubject.IsPublishable(subject))
        {
            return subject;
        }

        var tokens = subject.Split('.').Select(Plain).ToArray();
        var plain = string.Join('.', tokens);
        return plain.Length <= NatsSubject.Longest ? plain : Shorten(tokens, HashOf(subject));
    }

    private static string Plain(string token) =>
        token.Length == 0 ? "_" : string.Concat(token.Select(character => IsPlain(character) ? character : '_'));

    private static bool IsPlain(char character) => !char.IsWhiteSpace(character) && !char.IsControl(character) && character is not ('*' or '>');

    // Hashes in place of long tokens; and if that is not enough, one in place of all that follow.
    private static string Shorten(string[] tokens, string hash)
    {
        tokens = [.. tokens.Select(token => token.Length <= LongestToken ? token : HashOf(token))];
        if (tokens.Sum(token => token.Length + 1) - 1 <= NatsSubject.Longest)
        {
            return string.Join('.', tokens);
        }

        var (kept, length) = (0, hash.Length);
        while (length + tokens[kept].Length + 1 <= NatsSubject.Longest)
        {
            length += tokens[kept++].Length + 1;
        }

        return string.Join('.', tokens.Take(kept).Append(hash));
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, HashBytes);
}
