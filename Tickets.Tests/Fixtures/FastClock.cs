using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Fixtures;

/// <summary>A worker whose clock is an hour ahead.</summary>
public static class FastClock
{
    /// <summary>Writes the tenant's only change a second time, with the id that such a worker would have given it.</summary>
    public static async Task ChangeAsync(TicketService service, string tenant)
    {
        var target = StorageTarget.Parse(service.DatabaseUrl);
        await using DbConnection connection = target is StorageTarget.PostgreSql postgreSql
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgreSql.ConnectionString) { SearchPath = "tickets", Pooling = false }.ConnectionString)
            : new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false");
        var id = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(1));
        (await connection.ExecuteAsync($"""
            INSERT INTO audit (tenant, id, ticket_id, version, occurred_at, record)
            SELECT tenant, '{id}', ticket_id, version, occurred_at, replace(record, CAST(id AS text), '{id}') FROM audit WHERE tenant = @tenant
            """,
            new { tenant })).ShouldBe(1);
    }
}
