using Dapper;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Access;

/// <summary>The API keys in the database. The service reads them; its owner makes and revokes them.</summary>
public sealed class ApiKeys(Database database)
{
    private const string Select = """
        SELECT id, name, hash, scopes, tenants, created_at AS CreatedAt, expires_at AS ExpiresAt, revoked_at AS RevokedAt
        FROM api_keys ORDER BY created_at, id
        """;

    private const string Insert = """
        INSERT INTO api_keys (id, name, hash, scopes, tenants, created_at, expires_at)
        VALUES (@Id, @Name, @Hash, @Scopes, @Tenants, @CreatedAt, @ExpiresAt)
        """;

    private const string Revoke = "UPDATE api_keys SET revoked_at = @At WHERE id = @Id AND revoked_at IS NULL";

    /// <summary>All, also those that are good no more, oldest first.</summary>
    /// <exception cref="System.Data.Common.DbException">The database can't be read.</exception>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenUpkeepReaderAsync(cancellation);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(Select, cancellationToken: cancellation))).Select(row => row.Key)];
    }

    /// <summary>Adds one.</summary>
    /// <exception cref="System.Data.Common.DbException">The database can't be written.</exception>
    public async Task AddAsync(ApiKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        await using var connection = await database.OpenOwnerAsync(cancellation);
        var row = new
        {
            key.Id,
            key.Name,
            key.Hash,
            Scopes = string.Join(' ', key.Scopes),
            Tenants = string.Join(' ', key.Tenants),
            CreatedAt = key.CreatedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = key.ExpiresAt?.ToUnixTimeMilliseconds(),
        };
        await connection.ExecuteAsync(new CommandDefinition(Insert, row, cancellationToken: cancellation));
    }

    /// <summary>Revokes one for good.</summary>
    /// <returns>False when there is no such key, or it was revoked before.</returns>
    /// <exception cref="System.Data.Common.DbException">The database can't be written.</exception>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenOwnerAsync(cancellation);
        return await connection.ExecuteAsync(
            new CommandDefinition(Revoke, new { Id = id, At = at.ToUnixTimeMilliseconds() }, cancellationToken: cancellation)) == 1;
    }

    private sealed class Row
    {
        public string Id { get; init; } = string.Empty;

        public string Name { get; init; } = string.Empty;

        public byte[] Hash { get; init; } = [];

        public string Scopes { get; init; } = string.Empty;

        public string Tenants { get; init; } = string.Empty;

        public long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? RevokedAt { get; init; }

        public ApiKey Key => new(Id, Name, Hash, Scopes.Split(' '), Tenants.Split(' '), TimeOf(CreatedAt)!.Value, TimeOf(ExpiresAt), TimeOf(RevokedAt));

        private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } given ? DateTimeOffset.FromUnixTimeMilliseconds(given) : null;
    }
}
