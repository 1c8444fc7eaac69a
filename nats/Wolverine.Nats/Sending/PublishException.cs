namespace Wolverine.Nats.Sending;

/// <summary>A publish that no stream has confirmed.</summary>
public class PublishException : Exception
{
    internal PublishException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
