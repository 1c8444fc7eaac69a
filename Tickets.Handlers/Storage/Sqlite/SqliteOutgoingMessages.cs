using System.Data.Common;
using Tickets.Handlers.Storage.Sqlite.Messages;
using Wolverine;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Writes into the outbox of <see cref="SqliteMessageStore"/>.</summary>
internal sealed class SqliteOutgoingMessages(TimeProvider clock) : IOutgoingMessages
{
    public ValueTask StoreAsync(DbTransaction transaction, IReadOnlyList<Envelope> envelopes, int ownerId, CancellationToken cancellation) =>
        Outbox.StoreAsync(transaction, envelopes, ownerId, clock.GetUtcNow(), cancellation);

    public ValueTask DeleteAsync(DbTransaction transaction, IReadOnlyList<Guid> ids, CancellationToken cancellation) =>
        Outbox.DeleteAsync(transaction, ids, cancellation);
}
