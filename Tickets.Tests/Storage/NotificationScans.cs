using Dapper;
using Tickets.Handlers.Records;

namespace Tickets.Tests.Storage;

/// <summary>On PostgreSQL, what was settled since the last vacuum is in the index of the pending ones still.</summary>
public sealed class NotificationScans
{
    private const string Tenant = "acme";
    private const int Many = 64;

    private const string Request = """
        INSERT INTO notifications (tenant, id, ticket_id, reason, channel, status, requested_at)
        VALUES (@Tenant, @Id, @Id, 'severe', 'log', 'pending', now())
        """;

    private const string Read = "SELECT pg_stat_get_xact_tuples_returned('notifications_pending'::regclass)";

    [Fact]
    public async Task a_notification_is_settled_by_its_key()
    {
        await using var storage = await TestStorage.CreateAsync(StorageKind.PostgreSql);
        var ids = Enumerable.Range(0, Many).Select(_ => Guid.CreateVersion7()).ToArray();
        await storage.WriteAsync(Tenant, async (transaction, _) => await transaction.Connection!.ExecuteAsync(Request, ids.Select(id => new { Tenant, Id = id }), transaction));
        long read = -1;

        await storage.WriteAsync(Tenant, async (transaction, cancellation) =>
        {
            (await new SettleNotification(Tenant, ids[0], DateTimeOffset.UtcNow, null).ApplyAsync(transaction, cancellation)).ShouldBeTrue();
            read = await transaction.Connection!.ExecuteScalarAsync<long>(Read, transaction: transaction);
        });

        read.ShouldBe(0);
    }
}
