using System.Data.Common;
using Dapper;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>Removes a ticket and its comments, unless somebody has changed it.</summary>
public sealed record RemoveTicket(Ticket Ticket) : IChange
{
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var key = new { Ticket.Tenant, Id = Ticket.Id.ToString(), Ticket.Version };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("DELETE FROM comments WHERE tenant = @Tenant AND ticket_id = @Id", key, transaction, cancellationToken: cancellation));
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition("DELETE FROM tickets WHERE tenant = @Tenant AND id = @Id AND version = @Version", key, transaction, cancellationToken: cancellation)) == 1
            ? true
            : throw new VersionConflictException(Ticket.Id);
    }
}
