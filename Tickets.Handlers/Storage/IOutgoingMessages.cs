using System.Data.Common;
using Wolverine;

namespace Tickets.Handlers.Storage;

/// <summary>Stores messages in the transaction of the change that causes them, and removes them once they are sent.</summary>
public interface IOutgoingMessages
{
    /// <summary>Writes them into Wolverine's outbox. Those that are there already stay as they are.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="envelopes">The messages, routed; their bodies are written now.</param>
    /// <param name="ownerId">The node that will send them.</param>
    /// <param name="cancellation">Ends the call.</param>
    ValueTask StoreAsync(DbTransaction transaction, IReadOnlyList<Envelope> envelopes, int ownerId, CancellationToken cancellation);

    /// <summary>Removes them. Those that are gone already are no error.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="ids">The envelopes' ids.</param>
    /// <param name="cancellation">Ends the call.</param>
    ValueTask DeleteAsync(DbTransaction transaction, IReadOnlyList<Guid> ids, CancellationToken cancellation);

    /// <summary>Which of some messages are still there.</summary>
    /// <param name="ids">The envelopes' ids.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="DbException">The database can't be reached.</exception>
    Task<IReadOnlySet<Guid>> WaitingAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation);

    /// <summary>How many there are, counted no further than <paramref name="most"/>, and since when.</summary>
    /// <param name="most">Where the counting ends.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="DbException">The database can't be reached.</exception>
    Task<OutboxState> LookAsync(int most, CancellationToken cancellation);
}
