using NATS.Client.Core;

namespace Wolverine.Nats.Connection;

/// <summary>What the connected server is and can do, by its INFO message.</summary>
/// <param name="Version">Its version, without a pre-release tag.</param>
/// <param name="Name">Host and port.</param>
/// <param name="HasJetStream">Whether JetStream runs on it.</param>
/// <param name="MaxPayload">The largest message that it takes, in bytes.</param>
/// <param name="IsClustered">Whether it is one of several.</param>
internal sealed record ServerFacts(Version Version, string Name, bool HasJetStream, int MaxPayload, bool IsClustered)
{
    private static readonly Version Oldest = new(2, 9);
    private static readonly Version Careful = new(2, 10);
    private static readonly Version WithSchedules = new(2, 12);

    /// <summary>
    /// Whether a delivery that is given back can get stuck behind a pull request that nobody waits for any more: the
    /// server then keeps it until its AckWait is over.
    /// </summary>
    public bool LosesGivenBackDeliveries => Version < Careful;

    /// <summary>Whether it delivers messages later (ADR-51 of NATS).</summary>
    public bool SupportsSchedules => Version >= WithSchedules;

    public static ServerFacts Of(INatsServerInfo server) => new(
        Version.TryParse(server.Version.Split('-')[0], out var version) ? version : new Version(0, 0),
        $"{server.Host}:{server.Port}",
        server.JetStreamAvailable,
        server.MaxPayload,
        !string.IsNullOrEmpty(server.Cluster));

    /// <summary>Why the transport can't work with it; null when it can.</summary>
    /// <param name="needsJetStream">Whether any endpoint or stream is declared on JetStream.</param>
    public string? Fault(bool needsJetStream) =>
        Version < Oldest ? $"is older than {Oldest}; upgrade it"
        : needsJetStream && !HasJetStream ? "runs without JetStream; start it with -js"
        : null;
}
