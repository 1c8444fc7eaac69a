namespace Wolverine.Nats.Sending;

/// <summary>
/// No answer came: the server may be away, the stream without a leader, or publishing not permitted; all three look
/// alike, and the message may be stored all the same. Publish it again with the same id.
/// </summary>
/// <param name="subject">The subject published to.</param>
/// <param name="inner">What the client reported.</param>
public sealed class PublishUnknownException(string subject, Exception? inner)
    : PublishException($"No stream confirmed the publish to '{subject}'; it may be stored or not.", inner)
{
    /// <summary>The subject published to.</summary>
    public string Subject { get; } = subject;
}
