using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>How the program reaches NATS, and what it may do there.</summary>
/// <param name="Url">Server addresses, comma-separated. Default <c>nats://127.0.0.1:4222</c>.</param>
/// <param name="Login">What it shows of itself. Default: nothing.</param>
/// <param name="Tls">How the way is protected. Default: TLS off loopback.</param>
/// <param name="Provisions">Whether the service makes and updates streams and consumers. Default true.</param>
/// <param name="InboxPrefix">What the subjects begin with on which answers arrive. Default <c>_INBOX</c>.</param>
/// <param name="Monitors">Where the nodes tell how they fare, over HTTP. Default: nowhere.</param>
public sealed record NatsOptions(string Url, NatsLogin Login, NatsTls Tls, bool Provisions, string InboxPrefix, IReadOnlyList<Uri> Monitors)
{
    /// <summary>Gives the transport these settings.</summary>
    internal void Apply(NatsTransportConfiguration transport)
    {
        transport.ConnectionString = Url;
        transport.AutoProvision = Provisions;
        transport.InboxPrefix = InboxPrefix;
        transport.EnableTls = Tls.IsRequired;
        (transport.CaFile, transport.ClientCertFile, transport.ClientKeyFile) = (Tls.AuthorityFile, Tls.CertificateFile, Tls.KeyFile);
        switch (Login)
        {
            case NatsLogin.Password password:
                (transport.Username, transport.Password) = (password.Name, password.Secret);
                break;
            case NatsLogin.Token token:
                transport.Token = token.Secret;
                break;
            case NatsLogin.NKey key:
                transport.NKeySeed = key.Seed;
                break;
            case NatsLogin.Credentials credentials:
                (transport.Jwt, transport.NKeySeed) = (credentials.Jwt, credentials.Seed);
                break;
        }
    }
}
