using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>One way to do the work that is measured.</summary>
internal interface IContestant
{
    string Name { get; }

    /// <summary>Does the work on a fresh server.</summary>
    /// <returns>Messages a second, without the preparation.</returns>
    Task<double> RunAsync(NatsServer server);
}
