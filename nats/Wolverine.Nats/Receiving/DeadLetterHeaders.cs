namespace Wolverine.Nats.Receiving;

/// <summary>The headers that a dead letter has beside those of the original message.</summary>
public static class DeadLetterHeaders
{
    /// <summary>How the names of all of them begin. What a publisher sent under such a name is left out.</summary>
    public const string Prefix = "Dlq-";

    /// <summary>The original subject.</summary>
    public const string Subject = "Dlq-Subject";

    /// <summary>The stream it came from.</summary>
    public const string Stream = "Dlq-Stream";

    /// <summary>Its sequence in that stream.</summary>
    public const string Sequence = "Dlq-Sequence";

    /// <summary>When that stream took it, RFC 3339 in UTC. Letters of earlier versions have none.</summary>
    public const string Stored = "Dlq-Stored";

    /// <summary>The consumer that gave it up.</summary>
    public const string Consumer = "Dlq-Consumer";

    /// <summary>How often it was delivered.</summary>
    public const string Deliveries = "Dlq-Deliveries";

    /// <summary>When it was given up, RFC 3339 in UTC.</summary>
    public const string Time = "Dlq-Time";

    /// <summary>Why it was given up, one line for a person.</summary>
    public const string Reason = "Dlq-Reason";

    /// <summary>The original <c>Nats-Msg-Id</c>, when it had one; for one of more than 1000 characters, the identity that was made of it.</summary>
    public const string MessageId = "Dlq-Msg-Id";

    /// <summary>The names of the message's headers that the letter could not keep, because they can't be written or there was no room.</summary>
    public const string Dropped = "Dlq-Dropped-Headers";
}
