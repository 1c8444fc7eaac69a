using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Records;

/// <summary>Reads which notifications were delivered.</summary>
public sealed class NotificationRecords(SqliteDatabase database)
{
    /// <summary>Whether a notification was delivered.</summary>
    public async Task<bool> ExistsAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT 1 FROM notifications WHERE tenant = @tenant AND id = @id)",
            new { tenant, id = id.ToString() },
            cancellationToken: cancellation));
    }
}
