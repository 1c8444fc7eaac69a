using Dapper;
using Microsoft.Data.Sqlite;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The ledger of a service that was away for longer than it remembers.</summary>
public sealed class LedgerRetention
{
    private const string Tenant = "acme";
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
}
