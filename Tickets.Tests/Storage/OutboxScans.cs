using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tickets.Tests.Fixtures;
using Wolverine.Persistence.Durability;
using Wolverine.RDBMS;

namespace Tickets.Tests.Storage;

/// <summary>What looks into the outbox on PostgreSQL every second must not go through all that was sent since its last vacuum.</summary>
public sealed class OutboxScans
{
    // More than fits on the few pages that are read as fast as an index.
    private const string Sent = """
        INSERT INTO wolverine.wolverine_outgoing_envelopes (id, owner_id, destination, body, attempts, message_type)
        SELECT gen_random_uuid(), 1, 'nats://subject/none', decode(repeat('00', 2000), 'hex'), 0, 'none' FROM generate_series(1, 2000);
        DELETE FROM wolverine.wolverine_outgoing_envelopes
        """;

    // As Wolverine writes it.
    private const string Stale = """
        EXPLAIN update wolverine.wolverine_outgoing_envelopes set owner_id = 0 where owner_id != 0 and timestamp <= @before
        """;

    [Fact]
    public async Task wolverine_finds_what_is_stale_by_an_index()
    {
        using var host = SharedPostgreSql.HostOf(await SharedPostgreSql.NewDatabaseAsync());
        var store = (MessageDatabase<NpgsqlConnection>)host.Services.GetRequiredService<IMessageStore>();
        await using var connection = await store.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(Sent);

        var plan = string.Join('\n', await connection.QueryAsync<string>(Stale, new { before = DateTime.UtcNow.AddMinutes(-1) }));

        plan.ShouldContain("Index Scan using idx_wolverine_outgoing_envelopes_owner");
    }
}
