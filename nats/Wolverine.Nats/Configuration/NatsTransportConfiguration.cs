using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Wolverine.Nats.Configuration;

/// <summary>How the transport reaches NATS, and the streams it declares.</summary>
public sealed class NatsTransportConfiguration
{
    /// <summary>Server addresses, comma-separated. Default <c>nats://127.0.0.1:4222</c>.</summary>
    public string ConnectionString { get; set; } = "nats://127.0.0.1:4222";

    /// <summary>User name and password, token, NKey or credentials file. Default: none.</summary>
    public NatsAuthOpts Authentication { get; set; } = NatsAuthOpts.Default;

    /// <summary>TLS. Default: as the server asks for it.</summary>
    public NatsTlsOpts Tls { get; set; } = NatsTlsOpts.Default;

    /// <summary>How long one attempt to connect may take. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a publish waits for its ack, and a JetStream API call for its answer. Default 5 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between attempts to reconnect, which go on for ever. Default 2 s.</summary>
    public TimeSpan ReconnectWaitMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The streams this application declares.</summary>
    public IList<StreamConfiguration> Streams { get; } = [];

    /// <summary>The servers as host and port, without credentials.</summary>
    public string DescribeServers() => string.Join(',', ConnectionString
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(server => Uri.TryCreate(server, UriKind.Absolute, out var uri)
            ? $"{uri.Host}:{(uri.Port > 0 ? uri.Port : 4222)}"
            : "unreadable address"));

    internal NatsOpts ToNatsOpts(string serviceName, ILoggerFactory loggers) => NatsOpts.Default with
    {
        Url = ConnectionString,
        Name = serviceName,
        AuthOpts = Authentication,
        TlsOpts = Tls,
        ConnectTimeout = ConnectTimeout,
        RequestTimeout = RequestTimeout,
        CommandTimeout = RequestTimeout,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectJitter = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = ReconnectWaitMax,
        MaxReconnectRetry = -1,
        IgnoreAuthErrorAbort = true,
        RequestReplyMode = NatsRequestReplyMode.Direct,
        PublishTimeoutOnDisconnected = true,
        LoggerFactory = loggers,
    };
}
