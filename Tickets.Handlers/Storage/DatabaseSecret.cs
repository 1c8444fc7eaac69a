using Dapper;

namespace Tickets.Handlers.Storage;

/// <summary>
/// The database's secret: 32 random bytes that the migration made. Every process of the service can read it, and no tenant. It
/// makes hashes that nobody else can work out; their texts begin differently for each purpose.
/// </summary>
public sealed class DatabaseSecret(Database database)
{
    private byte[]? _bytes;

    /// <summary>The secret; read once.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is out of reach.</exception>
    public async ValueTask<byte[]> ReadAsync(CancellationToken cancellation) => _bytes ??= await QueryAsync(cancellation);

    private async Task<byte[]> QueryAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenUpkeepReaderAsync(cancellation);
        return await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition("SELECT key FROM replay_key", cancellationToken: cancellation))
            ?? throw new InvalidOperationException("The database has no secret; it was not made by this program.");
    }
}
