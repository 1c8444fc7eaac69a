using System.Data.Common;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Messages;
using Wolverine;

namespace Tickets.Handlers.Units;

/// <summary>A write and the messages that leave because of it, in one transaction.</summary>
internal sealed class MessageUnit(
    Func<DbTransaction, CancellationToken, ValueTask<bool>> write, IReadOnlyList<Envelope> outgoing, int ownerId, TimeProvider clock)
    : IUnitOfWork
{
    /// <summary>False when the write turned out to be a repeat, so that nothing may be sent.</summary>
    public bool Written { get; private set; }

    public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        Written = await write(transaction, cancellation);
        if (Written && outgoing.Count > 0)
        {
            // What the write has just decided, such as a ticket's number, belongs in the bodies.
            foreach (var envelope in outgoing)
            {
                envelope.Data = null;
            }

            await Outbox.StoreAsync(transaction, outgoing, ownerId, clock.GetUtcNow(), cancellation);
        }
    }
}
