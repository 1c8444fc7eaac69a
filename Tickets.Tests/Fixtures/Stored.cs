using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tickets.Handlers.Storage;

namespace Tickets.Tests.Fixtures;

/// <summary>Looks into a service's database, beside the service and whatever it may see.</summary>
public static class Stored
{
    public static long Count(TicketService service, string table, string? tenant = null) =>
        Scalar<long>(service, $"SELECT count(*) FROM {NameOf(service, table)}{(tenant is null ? string.Empty : " WHERE tenant = @tenant")}", new { tenant });

    public static T Scalar<T>(TicketService service, string sql, object? parameters = null)
    {
        using var connection = Open(service);
        return connection.ExecuteScalar<T>(sql, parameters)!;
    }

    /// <summary>What only the service knows.</summary>
    public static byte[] Secret(TicketService service) => Scalar<byte[]>(service, "SELECT key FROM replay_key");

    /// <summary>A connection that sees everything; it is not open yet.</summary>
    public static DbConnection Open(TicketService service) => StorageTarget.Parse(service.DatabaseUrl) is StorageTarget.PostgreSql postgreSql
        ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgreSql.ConnectionString) { SearchPath = "tickets", Pooling = false }.ConnectionString)
        : new SqliteConnection($"Data Source={service.DatabasePath};Mode=ReadOnly;Pooling=false");

    private static string NameOf(TicketService service, string table) => (StorageTarget.Parse(service.DatabaseUrl), table) switch
    {
        (StorageTarget.PostgreSql, "outgoing_messages") => "wolverine.wolverine_outgoing_envelopes",
        (StorageTarget.PostgreSql, "dead_letters") => "wolverine.wolverine_dead_letters",
        _ => table,
    };
}
