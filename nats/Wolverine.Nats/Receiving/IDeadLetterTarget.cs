namespace Wolverine.Nats.Receiving;

/// <summary>Keeps what can never be handled.</summary>
internal interface IDeadLetterTarget
{
    /// <summary>Whether it is a place of the transport's own, to which Wolverine hands what its policies give up.</summary>
    bool IsNative { get; }

    /// <summary>Returns when the dead letter is stored.</summary>
    /// <param name="envelope">The message; it may have been mapped in part.</param>
    /// <param name="cause">Why.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task StoreAsync(Envelope envelope, DeadLetterCause cause, CancellationToken cancellation);

    /// <summary>Tells whom the application has named for it. Called when the letter is stored, again when it failed.</summary>
    /// <param name="envelope">The message.</param>
    /// <param name="cause">Why.</param>
    Task TellAsync(Envelope envelope, DeadLetterCause cause);
}
