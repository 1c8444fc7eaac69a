namespace Tickets.Benchmarks.Comparison;

/// <summary>The rows of tickets, written by nothing but the database's own driver.</summary>
internal interface IBareRows : IAsyncDisposable
{
    /// <summary>Writes for each ticket its row, a ledger row and three outgoing rows, and deletes those that were sent, in one transaction.</summary>
    Task WriteAsync(IReadOnlyList<BareTicket> tickets, IReadOnlyList<Guid> sent);

    /// <summary>Writes a ticket's row alone, in a transaction of its own.</summary>
    Task WriteTicketAsync(BareTicket ticket);
}
