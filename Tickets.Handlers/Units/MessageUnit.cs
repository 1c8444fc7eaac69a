using System.Data.Common;
using Tickets.Handlers.Storage;
using Wolverine;

namespace Tickets.Handlers.Units;

/// <summary>A write and the messages that leave because of it, in one transaction.</summary>
internal sealed class MessageUnit(
    string tenant,
    Func<DbTransaction, CancellationToken, ValueTask<bool>> write,
    IReadOnlyList<Envelope> outgoing,
    IOutgoingMessages outbox,
    int ownerId)
    : IUnitOfWork
{
    public string? Tenant => tenant;

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

            await outbox.StoreAsync(transaction, outgoing, ownerId, cancellation);
        }
    }
}
