using System.Data.Common;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>Removes a ticket and its comments.</summary>
/// <param name="Ticket">The ticket that the removal was decided on.</param>
public sealed record RemoveTicket(Ticket Ticket) : IChange
{
    private const string Delete = "DELETE FROM tickets WHERE tenant = @Tenant AND id = @Id AND version = @Version RETURNING seq";
    private const string DeleteComments = "DELETE FROM comments WHERE tenant = @Tenant AND ticket_id = @Id";

    /// <inheritdoc/>
    /// <exception cref="VersionConflictException">Another command has changed or removed it.</exception>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var key = new { Ticket.Tenant, Id = Ticket.Id.ToString(), Ticket.Version };
        var seq = await transaction.ReadAsync<long?>(Delete, key, cancellation) ?? throw new VersionConflictException(Ticket.Id);
        await TicketIndex.RemoveAsync(transaction, seq, Ticket, cancellation);
        await transaction.RunAsync(DeleteComments, key, cancellation);
        return true;
    }
}
