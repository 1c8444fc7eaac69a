namespace Wolverine.Nats.Sending;

/// <summary>What became of the messages of a batch, each by the fault of its publish; null means that it is stored.</summary>
internal sealed class BatchOutcome(IReadOnlyList<Envelope> envelopes, Exception?[] faults)
{
    public IReadOnlyList<Envelope> Stored { get; } = [.. envelopes.Where((_, i) => faults[i] is null)];

    /// <summary>Those that no stream will ever take.</summary>
    public IReadOnlyList<Envelope> Unsendable { get; } = [.. envelopes.Where((_, i) => IsPermanent(faults[i]))];

    /// <summary>Those to publish again.</summary>
    public IReadOnlyList<Envelope> Unconfirmed { get; } = [.. envelopes.Where((_, i) => IsTemporary(faults[i]))];

    /// <summary>The first fault of <see cref="Unconfirmed"/>; null when there are none.</summary>
    public Exception? Fault { get; } = faults.FirstOrDefault(IsTemporary);

    /// <summary>A subject that is none, a body that can't be written and a message that is too large stay so for ever.</summary>
    public static bool IsPermanent(Exception? fault) =>
        fault is not null and not PublishUnknownException and not PublishRefusedException { Permanent: false };

    private static bool IsTemporary(Exception? fault) => fault is not null && !IsPermanent(fault);
}
