namespace NATS.NKeys;

/// <summary>A key or seed that can't be used. The message says what is wrong and never holds any of the key.</summary>
/// <param name="message">What is wrong.</param>
public class NKeysException(string message) : Exception(message);
