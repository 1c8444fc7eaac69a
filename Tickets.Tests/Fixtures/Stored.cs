using Microsoft.Data.Sqlite;

namespace Tickets.Tests.Fixtures;

/// <summary>Looks into a service's database.</summary>
public static class Stored
{
    public static long Count(TicketService service, string table, string? tenant = null)
    {
        using var connection = new SqliteConnection($"Data Source={service.DatabasePath};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = tenant is null ? $"SELECT count(*) FROM {table}" : $"SELECT count(*) FROM {table} WHERE tenant = @tenant";
        command.Parameters.AddWithValue("@tenant", tenant ?? string.Empty);
        return (long)command.ExecuteScalar()!;
    }
}
