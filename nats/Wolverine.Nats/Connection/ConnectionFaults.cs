using System.Security.Authentication;
using System.Security.Cryptography;
using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>Tells an attempt to connect that will fail each time from one that may succeed when the server is back.</summary>
internal static class ConnectionFaults
{
    private const string RefusedLogin = "Authorization Violation";
    private const string WithoutTls = "does not support TLS";

    /// <summary>Why trying again is pointless, to be read after the server's address; null when it may succeed.</summary>
    public static string? Lasting(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (RefusalIn(cause) is { } refusal)
            {
                return $"refuses this login ({refusal}); check the credentials, and that the server knows them";
            }

            if (cause is NatsException && cause.Message.Contains(WithoutTls, StringComparison.Ordinal))
            {
                return $"{WithoutTls}, which is required here; give the server a certificate";
            }

            if (cause is AuthenticationException)
            {
                return $"can't be trusted: {OneLine(cause.Message)}";
            }

            // By TLS 1.3 the client hears of it only when it reads on.
            if (cause is CryptographicException && cause.Message.Contains("alert", StringComparison.Ordinal))
            {
                return $"does not take this client's certificate, or wants one: {OneLine(cause.Message)}";
            }
        }

        return null;
    }

    private static string? RefusalIn(Exception cause) =>
        cause.Message.Contains(RefusedLogin, StringComparison.OrdinalIgnoreCase) ? RefusedLogin
        : cause is NatsServerException { IsAuthError: true } expired ? expired.Error
        : null;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
