using System.Data.Common;
using Dapper;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Records;

/// <summary>Keeps that a notification was delivered, once for each id.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Delivered">The delivery.</param>
public sealed record RecordNotification(string Tenant, NotificationDelivered Delivered) : IChange
{
    private const string Insert = """
        INSERT INTO notifications (tenant, id, ticket_id, reason, channel, delivered_at)
        VALUES (@Tenant, @Id, @TicketId, @Reason, @Channel, @DeliveredAt)
        ON CONFLICT (tenant, id) DO NOTHING
        """;

    /// <inheritdoc/>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var row = new
        {
            Tenant,
            Id = Delivered.Id.ToString(),
            TicketId = Delivered.TicketId.ToString(),
            Reason = WireName.Of(Delivered.Reason),
            Delivered.Channel,
            DeliveredAt = Timestamp.Write(Delivered.DeliveredAt),
        };
        return await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Insert, row, transaction, cancellationToken: cancellation)) == 1;
    }
}
