using System.Data.Common;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>Writes the row of a command that must take no effect any more, unless it has taken effect already.</summary>
internal sealed class ClosingEntry(Ledger ledger, CommandKey key, LedgerEntry entry) : IUnitOfWork
{
    /// <summary>The row that was there before; null when the entry was written.</summary>
    public LedgerEntry? Found { get; private set; }

    public string? Tenant => key.Tenant;

    public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        Found = await ledger.FindAsync(transaction, key, cancellation);
        if (Found is null)
        {
            await ledger.InsertAsync(transaction, key, entry, cancellation);
        }
    }
}
