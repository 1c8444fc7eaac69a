using System.Text;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.NKeys;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Connection;

/// <summary>Turns the transport's settings into those of the client.</summary>
internal static class NatsOptions
{
    public static NatsOpts Of(NatsTransportConfiguration settings, string name, ILoggerFactory loggers) => NatsOpts.Default with
    {
        Url = settings.ConnectionString,
        Name = settings.ClientName ?? name,
        InboxPrefix = settings.InboxPrefix,
        AuthOpts = AuthenticationOf(settings),
        TlsOpts = TlsOf(settings),
        ConnectTimeout = settings.ConnectTimeout,
        RequestTimeout = settings.RequestTimeout,
        CommandTimeout = settings.RequestTimeout,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectJitter = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = settings.ReconnectWaitMax,
        MaxReconnectRetry = -1,
        IgnoreAuthErrorAbort = true,
        // The client's default, ASCII, reads every other sign as the same question mark: two ids would be one.
        HeaderEncoding = Encoding.UTF8,
        RequestReplyMode = NatsRequestReplyMode.Direct,
        PublishTimeoutOnDisconnected = true,
        LoggerFactory = loggers,
    };

    // The client takes either of them, not both.
    public static NatsJSOpts JetStreamOf(NatsTransportConfiguration settings, NatsOpts options) =>
        settings.JetStreamDomain is { Length: > 0 } domain ? new NatsJSOpts(options, domain: domain)
        : settings.JetStreamApiPrefix is { Length: > 0 } prefix ? new NatsJSOpts(options, apiPrefix: prefix)
        : new NatsJSOpts(options);

    private static NatsAuthOpts AuthenticationOf(NatsTransportConfiguration settings)
    {
        var (user, secret) = settings is { Username: null, Password: null, Token: null } ? settings.UserInfo : (null, null);
        var seed = settings.NKeyFile is { Length: > 0 } file ? SeedIn(file) : settings.NKeySeed;
        return new NatsAuthOpts
        {
            Username = settings.Username ?? user,
            Password = settings.Password ?? (user is null ? null : secret),
            Token = settings.Token ?? (user is null ? secret : null),
            Jwt = settings.Jwt,
            Seed = seed,
            NKey = settings.Jwt is null ? PublicKeyOf(seed) : null,
            CredsFile = settings.CredentialsFile,
            AuthCredCallback = settings.AuthCallback,
        };
    }

    // A file that nk has made may have the seed alone; the client wants the public key as well.
    private static string SeedIn(string nkeyFile) =>
        File.ReadLines(nkeyFile).Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("SU", StringComparison.Ordinal))
        ?? throw new TopologyDeclarationException($"The NKey file '{nkeyFile}' has no user's seed, a line that begins with SU.");

    private static string? PublicKeyOf(string? seed)
    {
        if (string.IsNullOrEmpty(seed))
        {
            return null;
        }

        using var pair = KeyPair.FromSeed(seed);
        return pair.GetPublicKey();
    }

    private static NatsTlsOpts TlsOf(NatsTransportConfiguration settings) => new()
    {
        Mode = settings is { EnableTls: true, TlsMode: TlsMode.Auto } ? TlsMode.Require : settings.TlsMode,
        InsecureSkipVerify = settings.TlsInsecure,
        CertFile = settings.ClientCertFile,
        KeyFile = settings.ClientKeyFile,
        CaFile = settings.CaFile,
    };
}
