namespace Wolverine.Nats;

/// <summary>The application and the server don't fit together. Trying again won't help; the message says what to change.</summary>
public abstract class NatsConfigurationException : Exception
{
    private protected NatsConfigurationException(string message)
        : base(message)
    {
    }
}
