namespace Wolverine.Nats.Connection;

/// <summary>The server is there but can't be used as the application needs it; the message says why and what to do.</summary>
public sealed class BrokerUnusableException(string message) : NatsConfigurationException(message);
