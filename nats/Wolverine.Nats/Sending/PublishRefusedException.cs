namespace Wolverine.Nats.Sending;

/// <summary>The server or the client refused the message: it is not stored.</summary>
/// <param name="subject">The subject published to.</param>
/// <param name="code">JetStream's error code (see errors.json of nats-server); 0 when the client refused.</param>
/// <param name="description">Why.</param>
/// <param name="permanent">True when the same message would be refused for ever.</param>
public sealed class PublishRefusedException(string subject, int code, string description, bool permanent)
    : PublishException($"The publish to '{subject}' was refused: {description} ({code}).")
{
    /// <summary>JetStream's error code; 0 when the client refused.</summary>
    public int Code { get; } = code;

    /// <summary>True when the same message would be refused for ever, such as one that is too large.</summary>
    public bool Permanent { get; } = permanent;
}
