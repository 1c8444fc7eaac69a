using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Tickets.Handlers.Access;

/// <summary>
/// An API key as its holder has it: <c>tkt_{id}_{secret}</c>. The prefix is there for scanners that look for leaked secrets, the
/// id for logs and lists. The secret has 256 random bits, so a plain hash of it can't be turned back.
/// </summary>
/// <param name="Id">12 lower-case letters and digits.</param>
/// <param name="Secret">32 bytes.</param>
public sealed record ApiKeySecret(string Id, byte[] Secret)
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "tkt_";

    private const string IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int Length = 4 + IdLength + 1 + SecretLength;

    /// <summary>What is stored of the secret.</summary>
    public byte[] Hash => SHA256.HashData(Secret);

    /// <summary>A new one.</summary>
    public static ApiKeySecret New() => new(RandomNumberGenerator.GetString(IdLetters, IdLength), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Reads one; false when it is none, whatever else it is.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ApiKeySecret? key)
    {
        key = null;
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        var secret = text[^SecretLength..];
        if (!Base64Url.IsValid(secret, out var bytes) || bytes != SecretBytes)
        {
            return false;
        }

        key = new ApiKeySecret(text.Slice(Prefix.Length, IdLength).ToString(), Base64Url.DecodeFromChars(secret));
        return true;
    }

    /// <summary>Whether a stored key is this one, in a time that tells nothing.</summary>
    public bool Fits(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return CryptographicOperations.FixedTimeEquals(Hash, key.Hash);
    }

    /// <summary>What its holder sends. The one place where the secret is shown.</summary>
    public string Reveal() => $"{Prefix}{Id}_{Base64Url.EncodeToString(Secret)}";

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_***";
}
