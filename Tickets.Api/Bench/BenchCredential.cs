using Tickets.Api.Composition;

namespace Tickets.Api.Bench;

/// <summary>Reads what <c>bench</c> shows a service at which everybody has to sign in.</summary>
internal static class BenchCredential
{
    /// <summary>The variable; <c>TICKETS_CREDENTIAL_FILE</c> names a file that has it.</summary>
    public const string Key = "TICKETS_CREDENTIAL";

    /// <returns>Null when it is not set.</returns>
    /// <exception cref="ConfigurationException">It can't stand in a header.</exception>
    public static string? From(Settings settings)
    {
        var credential = settings.Secret(Key);
        return credential is null || credential.All(character => character is > ' ' and <= '~')
            ? credential
            : throw new ConfigurationException(Key, SecretMask.Stars, "write an API key or a token: one word of printable ASCII characters");
    }
}
