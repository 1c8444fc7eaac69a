using Wolverine.Nats.Mapping;
using Wolverine.Runtime;

namespace Wolverine.Nats.Receiving;

/// <summary>Leaves dead letters to Wolverine's message store.</summary>
internal sealed class StoredDeadLetters(IWolverineRuntime runtime) : IDeadLetterTarget
{
    public bool IsNative => false;

    public Task StoreAsync(Envelope envelope, DeadLetterCause cause, CancellationToken cancellation)
    {
        // What could not be read has no type, and the store wants one.
        envelope.MessageType ??= "unreadable";
        return runtime.Storage.Inbox.MoveToDeadLetterStorageAsync(envelope, cause.Exception ?? new UnreadableMessageException(cause.Reason));
    }

    /// <summary>Whoever looks into the store finds it there.</summary>
    public Task TellAsync(Envelope envelope, DeadLetterCause cause) => Task.CompletedTask;
}
