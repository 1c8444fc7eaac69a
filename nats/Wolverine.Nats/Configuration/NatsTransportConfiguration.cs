using JasperFx.Descriptors;
using NATS.Client.Core;

namespace Wolverine.Nats.Configuration;

/// <summary>How the transport reaches NATS and what it declares there.</summary>
public sealed class NatsTransportConfiguration
{
    /// <summary>Server addresses, comma-separated. Default <c>nats://localhost:4222</c>.</summary>
    [IgnoreDescription]
    public string ConnectionString { get; set; } = "nats://localhost:4222";

    /// <summary>The name that the server shows for the connection. Default: the application's service name.</summary>
    public string? ClientName { get; set; }

    /// <summary>
    /// What the subjects begin with on which answers and acks arrive, so that a user may be confined to them. Default
    /// <c>_INBOX</c>; any other begins with <c>_INBOX.</c>.
    /// </summary>
    /// <exception cref="InvalidSubjectException">It does not, or can't be the beginning of a subject.</exception>
    public string InboxPrefix
    {
        get;
        set => field = $"{value}.".StartsWith(NatsTransport.InboxPrefix, StringComparison.Ordinal)
            ? NatsSubject.Publishable(value)
            : throw new InvalidSubjectException(value, $"an inbox begins with {NatsTransport.InboxPrefix}");
    } = "_INBOX";

    /// <summary>How long one attempt to connect may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a publish waits for its ack, and a JetStream API call for its answer. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause between attempts to reconnect, which go on for ever. Default 2 s.</summary>
    public TimeSpan ReconnectWaitMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The user's name, with <see cref="Password"/>.</summary>
    [IgnoreDescription]
    public string? Username { get; set; }

    /// <summary>The user's password.</summary>
    [IgnoreDescription]
    public string? Password { get; set; }

    /// <summary>A token in place of user and password.</summary>
    [IgnoreDescription]
    public string? Token { get; set; }

    /// <summary>A user JWT (ADR-14 of NATS), with <see cref="NKeySeed"/>.</summary>
    [IgnoreDescription]
    public string? Jwt { get; set; }

    /// <summary>The seed of an NKey, <c>SU…</c>.</summary>
    [IgnoreDescription]
    public string? NKeySeed { get; set; }

    /// <summary>A <c>.creds</c> file: JWT and seed.</summary>
    [IgnoreDescription]
    public string? CredentialsFile { get; set; }

    /// <summary>A file with the seed of an NKey.</summary>
    [IgnoreDescription]
    public string? NKeyFile { get; set; }

    /// <summary>Asked for credentials at every attempt to connect. Wins over the settings above.</summary>
    [IgnoreDescription]
    public Func<Uri, CancellationToken, ValueTask<NatsAuthCred>>? AuthCallback { get; set; }

    /// <summary>Refuses to talk to a server without TLS. Default false: TLS when the server asks for it.</summary>
    public bool EnableTls { get; set; }

    /// <summary>When TLS begins. Default: after the server's greeting, as it asks for it.</summary>
    public TlsMode TlsMode { get; set; } = TlsMode.Auto;

    /// <summary>Accepts any certificate. Default false; for development only.</summary>
    public bool TlsInsecure { get; set; }

    /// <summary>The client's certificate, PEM.</summary>
    public string? ClientCertFile { get; set; }

    /// <summary>The key of <see cref="ClientCertFile"/>, PEM.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The certificate authority that the server's certificate must come from, PEM. Default: the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>False turns every endpoint into a core NATS one. Default true.</summary>
    public bool EnableJetStream { get; set; } = true;

    /// <summary>The JetStream domain, for leaf nodes. Default: the server's own.</summary>
    public string? JetStreamDomain { get; set; }

    /// <summary>The prefix of JetStream's API, for imports between accounts. Default <c>$JS.API</c>.</summary>
    public string? JetStreamApiPrefix { get; set; }

    /// <summary>Makes missing streams and consumers and updates those that differ. Default true.</summary>
    public bool AutoProvision { get; set; } = true;

    /// <summary>The queue group of core NATS listeners that name none. Default: none, each process gets every message.</summary>
    public string? DefaultQueueGroup { get; set; }

    /// <summary>Reads <c>/</c> in subjects as <c>.</c>. Default true.</summary>
    public bool NormalizeSubjects { get; set; } = true;

    /// <summary>What consumers and implied streams are like unless they say otherwise.</summary>
    public JetStreamDefaults JetStreamDefaults { get; private set; } = new();

    /// <summary>Has the last word on every outgoing subject. Default: none.</summary>
    public ISubjectResolver? SubjectResolver { get; set; }

    /// <summary>The <c>Nats-Msg-Id</c> of an envelope, the same on every retry. Default: the envelope's id.</summary>
    [IgnoreDescription]
    public Func<Envelope, string>? MsgIdSource { get; set; }

    /// <summary>The declared streams by name.</summary>
    public Dictionary<string, StreamConfiguration> Streams { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Where the application answers requests by itself, as the server sees it.</summary>
    internal List<string> RequestSubjects { get; } = [];

    /// <summary>Where the application publishes and no endpoint says so, as the server sees it.</summary>
    internal List<string> PublishedSubjects { get; } = [];

    /// <summary>The servers as host and port, without credentials.</summary>
    public string DescribeServers() => string.Join(
        ',', Servers.Select(server => server is null ? "unreadable-address" : $"{server.Host}:{(server.Port > 0 ? server.Port : 4222)}"));

    /// <summary>User and password, or a token, of the first address that has any; the client looks at the very first alone.</summary>
    internal (string? User, string? Secret) UserInfo =>
        Servers.FirstOrDefault(server => server?.UserInfo is { Length: > 0 })?.UserInfo.Split(':', 2) switch
        {
            [var user, var secret] => (Uri.UnescapeDataString(user), Uri.UnescapeDataString(secret)),
            [var token] => (null, Uri.UnescapeDataString(token)),
            _ => (null, null),
        };

    internal bool HasCredentials => AuthCallback is not null
        || ConnectionString.Contains('@', StringComparison.Ordinal)
        || new[] { Username, Token, Jwt, NKeySeed, CredentialsFile, NKeyFile, ClientCertFile }.Any(value => value is not null);

    private IEnumerable<Uri?> Servers => ConnectionString
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(server => server.Contains("://", StringComparison.Ordinal) ? server : $"nats://{server}")
        .Select(server => Uri.TryCreate(server, UriKind.Absolute, out var uri) ? uri : null);

    internal NatsTransportConfiguration Copy()
    {
        var copy = (NatsTransportConfiguration)MemberwiseClone();
        copy.JetStreamDefaults = JetStreamDefaults.Copy();
        copy.Streams = Streams.ToDictionary(pair => pair.Key, pair => pair.Value.Copy(), StringComparer.Ordinal);
        return copy;
    }
}
