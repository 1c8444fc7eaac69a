namespace Wolverine.Nats.Sending;

/// <summary>
/// No answer came: the server may be away, the stream without a leader, or publishing not permitted; all three look
/// alike, and the message may be stored all the same. Publish it again with the same id.
/// </summary>
public sealed class PublishUnknownException : PublishException
{
    internal PublishUnknownException(string subject, string? stream, bool forbidden, Exception? inner)
        : base(Describe(subject, stream, forbidden), inner)
    {
        Subject = subject;
        Stream = stream;
        Forbidden = forbidden;
    }

    /// <summary>The subject published to.</summary>
    public string Subject { get; }

    /// <summary>The stream that should have taken it; null when any may.</summary>
    public string? Stream { get; }

    /// <summary>The server said lately that this user may not publish there.</summary>
    public bool Forbidden { get; }

    private static string Describe(string subject, string? stream, bool forbidden)
    {
        var target = stream is null ? "No stream" : $"Stream '{stream}' has not";
        return forbidden
            ? $"{target} confirmed the publish to '{subject}': the server forbids this user to publish there. Give it the permission."
            : $"{target} confirmed the publish to '{subject}'; it may be stored or not. "
                + "Check that the server is up, that a stream captures the subject and has a leader, and that this user may publish there.";
    }
}
