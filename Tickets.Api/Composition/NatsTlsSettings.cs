using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tickets.Api.Composition;

/// <summary>Reads how the way to NATS is protected, and looks at the certificates: the client would tell of them late, and of some never.</summary>
internal static class NatsTlsSettings
{
    private const string Required = "NATS_TLS";
    private const string Plaintext = "NATS_ALLOW_PLAINTEXT";
    private const string Authority = "NATS_TLS_CA_FILE";
    private const string Certificate = "NATS_TLS_CERT_FILE";
    private const string Key = "NATS_TLS_KEY_FILE";

    /// <param name="settings">The settings.</param>
    /// <param name="isLocal">Whether all servers are on this machine.</param>
    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static NatsTls From(Settings settings, bool isLocal)
    {
        var allowsPlaintext = settings.Flag(Plaintext);
        var asked = settings.Flag(Required);
        var (authority, certificate, key) = (settings.Optional(Authority), settings.Optional(Certificate), settings.Optional(Key));
        if (allowsPlaintext && (asked || (authority ?? certificate ?? key) is not null))
        {
            throw new ConfigurationException(Plaintext, "true", $"it contradicts {Required} and {Required}_…; leave it out");
        }

        CheckAuthority(authority);
        CheckCertificate(certificate, key);
        return new NatsTls(!allowsPlaintext && (asked || !isLocal || (authority ?? certificate) is not null), authority, certificate, key);
    }

    private static void CheckAuthority(string? file)
    {
        if (file is not null)
        {
            var found = Read(Authority, file, () =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPemFile(file);
                return all;
            });
            RequireOneOf(Authority, file, found);
        }
    }

    private static void CheckCertificate(string? certificate, string? key)
    {
        if (certificate is not null && key is not null)
        {
            RequireOneOf(Certificate, certificate, [Read(Certificate, certificate, () => X509Certificate2.CreateFromPemFile(certificate, key))]);
        }
        else if ((certificate ?? key) is not null)
        {
            throw new ConfigurationException(certificate is null ? Certificate : Key, string.Empty, $"{Certificate} and {Key} go together; write both");
        }
    }

    private static void RequireOneOf(string key, string file, X509Certificate2Collection certificates)
    {
        if (certificates.Count == 0)
        {
            throw new ConfigurationException(key, file, "write the path of a PEM file with a certificate");
        }

        if (certificates.All(certificate => certificate.NotAfter < DateTime.Now))
        {
            throw new ConfigurationException(key, file, $"its certificate has expired at {certificates[0].NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm}Z; put a new one there");
        }

        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    private static T Read<T>(string key, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException(key, file, $"write the path of a PEM file that can be read ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})");
        }
    }
}
