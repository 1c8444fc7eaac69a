namespace Wolverine.Nats.Provisioning;

/// <summary>The server's stream or consumer is not what the application declares.</summary>
/// <param name="name">The stream, or stream and consumer.</param>
/// <param name="differences">One entry for each field: declared and found value.</param>
public sealed class TopologyMismatchException(string name, IReadOnlyList<string> differences)
    : NatsConfigurationException($"'{name}' differs from its declaration: {string.Join("; ", differences)}. Change it on the server, or the declaration.")
{
    /// <summary>What differs, one entry for each field.</summary>
    public IReadOnlyList<string> Differences { get; } = differences;
}
