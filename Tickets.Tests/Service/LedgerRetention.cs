using Dapper;
using Microsoft.Data.Sqlite;
using NatsServers;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The ledger of a service that was away for longer than it remembers.</summary>
public sealed class LedgerRetention
{
    private const string Tenant = "acme";
    private static readonly string Prunes = $"""
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = {PostgreSqlUpkeep.LockId}
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task what_is_too_old_goes_when_the_service_starts_and_no_command_waits()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        (await service.CreateAsync(Tenant, "Old")).EnsureSuccessStatusCode();
        await nats.NoCommandIsLeftAsync();
        await service.StopAsync();
        await using (var file = new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false"))
        {
            (await file.ExecuteAsync(
                "UPDATE ledger SET created_at = @time", new { time = DateTimeOffset.UtcNow.AddDays(-31).ToUnixTimeMilliseconds() })).ShouldBe(1);
        }

        await service.StartAgainAsync();

        await Eventually.Async(() => Stored.Count(service, "ledger") == 0, Limit, "the row is removed");
        Stored.Count(service, "tickets").ShouldBe(1);
    }

    [Fact]
    public async Task of_two_services_on_one_database_one_looks_for_what_is_too_old_and_leaves_that_to_the_next_when_it_is_killed()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", await SharedPostgreSql.NewEmptyDatabaseAsync()));
        await Eventually.Async(() => Stored.Scalar<long>(service, Prunes) == 1, Limit, "one prunes");
        await using var second = await TicketService.StartAsync(nats, ("DATABASE_URL", service.DatabaseUrl));
        Stored.Scalar<long>(service, Prunes).ShouldBe(1);

        await service.KillAsync();

        await Eventually.Async(() => Stored.Scalar<long>(second, Prunes) == 0, Limit, "its place is free");
        await service.StartAgainAsync();
        await Eventually.Async(() => Stored.Scalar<long>(service, Prunes) == 1, Limit, "the next one prunes");
    }
}
