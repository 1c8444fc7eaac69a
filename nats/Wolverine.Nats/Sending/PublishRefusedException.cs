namespace Wolverine.Nats.Sending;

/// <summary>The server or the client refused the message: it is not stored.</summary>
public sealed class PublishRefusedException : PublishException
{
    private const int MessageSizeExceedsMaximum = 10054;
    private const int WrongStream = 10060;
    private const int HeadersExceedMaximum = 10097;
    private const int StorageFull = 10023;
    private const int StreamFull = 10077;

    internal PublishRefusedException(string subject, string? stream, int code, string description, bool permanent)
        : base($"The publish to '{subject}' was refused{(stream is null ? string.Empty : $" by stream '{stream}'")}: {description} ({code}). {Remedy(code, permanent)}")
    {
        Subject = subject;
        Stream = stream;
        Code = code;
        Permanent = permanent;
    }

    /// <summary>The subject published to.</summary>
    public string Subject { get; }

    /// <summary>The stream that was meant to take it; null when any was.</summary>
    public string? Stream { get; }

    /// <summary>JetStream's error code (see errors.json of nats-server); 0 when the client refused.</summary>
    public int Code { get; }

    /// <summary>True when the same message would be refused for ever, such as one that is too large.</summary>
    public bool Permanent { get; }

    /// <summary>Whether a smaller one might be taken.</summary>
    internal bool IsTooLarge => Permanent && Code is 0 or MessageSizeExceedsMaximum or HeadersExceedMaximum;

    internal static PublishRefusedException ByServer(string subject, string? stream, int code, string description) =>
        new(subject, stream, code, description, code is MessageSizeExceedsMaximum or HeadersExceedMaximum);

    internal static PublishRefusedException TooLarge(string subject, string? stream, string description) =>
        new(subject, stream, 0, description, permanent: true);

    private static string Remedy(int code, bool permanent) => code switch
    {
        StreamFull => "The stream is at its limit: raise it or let consumers catch up; it is published again until then.",
        StorageFull => "The server has no room: free some or raise JetStream's limits; it is published again until then.",
        WrongStream => "Another stream captures the subject: correct the endpoint's stream or the stream's subjects; it is published again until then.",
        HeadersExceedMaximum => "Make its headers smaller.",
        _ => permanent ? "Make the message smaller." : "It is published again.",
    };
}
