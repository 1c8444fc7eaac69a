namespace Wolverine.Nats.Configuration;

/// <summary>What the application declares can't work; the message says what to change.</summary>
public sealed class TopologyDeclarationException(string message) : NatsConfigurationException(message);
