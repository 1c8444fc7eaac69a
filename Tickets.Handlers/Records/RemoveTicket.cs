using System.Data.Common;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Removes a ticket and its comments.</summary>
/// <param name="Ticket">The ticket that the removal was decided on.</param>
public sealed record RemoveTicket(Ticket Ticket) : IChange
{
    private const string Delete = "DELETE FROM tickets WHERE tenant = @Tenant AND id = @Id AND version = @Version";
    private const string DeleteComments = "DELETE FROM comments WHERE tenant = @Tenant AND ticket_id = @Id";

    /// <inheritdoc/>
    public string Tenant => Ticket.Tenant;

    /// <inheritdoc/>
    /// <exception cref="VersionConflictException">Another command has changed or removed it.</exception>
    public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var key = new { Ticket.Tenant, Ticket.Id, Ticket.Version };
        await transaction.RunAsync(DeleteComments, key);
        VersionConflictException.ThrowUnlessOne(await transaction.RunAsync(Delete, key), Ticket.Id);
    }
}
