using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Connection;

/// <summary>Turns the transport's settings into those of the client.</summary>
internal static class NatsOptions
{
    public static NatsOpts Of(NatsTransportConfiguration settings, string name, ILoggerFactory loggers) => NatsOpts.Default with
    {
        Url = settings.ConnectionString,
        Name = settings.ClientName ?? name,
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
        RequestReplyMode = NatsRequestReplyMode.Direct,
        PublishTimeoutOnDisconnected = true,
        LoggerFactory = loggers,
    };

    private static NatsAuthOpts AuthenticationOf(NatsTransportConfiguration settings) => new()
    {
        Username = settings.Username,
        Password = settings.Password,
        Token = settings.Token,
        Jwt = settings.Jwt,
        Seed = settings.NKeySeed,
        CredsFile = settings.CredentialsFile,
        NKeyFile = settings.NKeyFile,
        AuthCredCallback = settings.AuthCallback,
    };

    private static NatsTlsOpts TlsOf(NatsTransportConfiguration settings) => new()
    {
        Mode = settings is { EnableTls: true, TlsMode: TlsMode.Auto } ? TlsMode.Require : settings.TlsMode,
        InsecureSkipVerify = settings.TlsInsecure,
        CertFile = settings.ClientCertFile,
        KeyFile = settings.ClientKeyFile,
        CaFile = settings.CaFile,
    };
}
