namespace NATS.NKeys;

/// <summary>A key or seed that can't be used. The message says why and never holds the seed.</summary>
/// <param name="message">What is wrong.</param>
public sealed class NKeysException(string message) : Exception(message);
