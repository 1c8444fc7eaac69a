using System.Data.Common;
using Dapper;

namespace Tickets.Handlers.Storage;

/// <summary>
/// A row for each command that is settled, whatever its outcome, written in the transaction of its effect where it has one;
/// <see cref="LedgerEntry.TookEffect"/> tells. One more for what commands share of which only one may take effect. It makes every
/// repeat of a command, however it came about, the first one's answer.
/// </summary>
public sealed class Ledger(Database database, TimeProvider clock)
{
    private const string Select = "SELECT status, body, fingerprint, decision FROM ledger WHERE tenant = @Tenant AND command_id = @CommandId";

    private const string SelectEither = """
        SELECT command_id, status, body, fingerprint, decision FROM ledger
        WHERE tenant = @tenant AND command_id IN (@first, @second) ORDER BY status LIMIT 1
        """;

    private const string SelectTime = "SELECT created_at FROM ledger WHERE tenant = @Tenant AND command_id = @CommandId";

    // Nearly every command is new: this is all that is asked for those.
    private const string Count = "SELECT count(*) FROM ledger WHERE tenant = @Tenant AND command_id = @CommandId";

    private const string CountEither = "SELECT count(*) FROM ledger WHERE tenant = @Tenant AND command_id IN (@CommandId, @KeyId)";

    private const string NextTenant = "SELECT tenant FROM ledger WHERE tenant > @last ORDER BY tenant LIMIT 1";

    private const string Insert = """
        INSERT INTO ledger (tenant, command_id, status, body, fingerprint, decision, created_at)
        VALUES (@Tenant, @CommandId, @Status, @Body, @Fingerprint, @Decision, @CreatedAt)
        """;

    /// <summary>The entry of a command; null when it is not settled yet.</summary>
    public async Task<LedgerEntry?> FindAsync(CommandKey key, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(key.Tenant, cancellation);
        return await FindAsync(connection, null, key, cancellation);
    }

    /// <summary>The entry of a command that may have one of two identities, with the one that it has; null when it is not settled yet.</summary>
    public async Task<(CommandKey Key, LedgerEntry Entry)?> FindEitherAsync(string tenant, Guid first, Guid second, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(tenant, cancellation);
        var found = await connection.QuerySingleOrDefaultAsync<(Guid Id, long Status, string Body, string? Fingerprint, Guid? Decision)?>(
            new CommandDefinition(SelectEither, new { tenant, first, second }, cancellationToken: cancellation));
        return found is { } row ? (new CommandKey(tenant, row.Id), new LedgerEntry((int)row.Status, row.Body, row.Fingerprint, row.Decision)) : null;
    }

    /// <summary>The entry of a command, as this transaction sees it.</summary>
    public async ValueTask<LedgerEntry?> FindAsync(DbTransaction transaction, CommandKey key, CancellationToken cancellation) =>
        await transaction.ReadAsync<long>(Count, new { key.Tenant, key.CommandId }) == 0
            ? null
            : await FindAsync(transaction.Connection!, transaction, key, cancellation);

    /// <summary>Whether a command has an entry, or its key has, as this transaction sees it.</summary>
    public async ValueTask<bool> KnowsAsync(DbTransaction transaction, CommandKey key, Guid keyId) =>
        await transaction.ReadAsync<long>(CountEither, new { key.Tenant, key.CommandId, KeyId = keyId }) > 0;

    /// <summary>When the entry of a command was written; null when it has none.</summary>
    public async Task<DateTimeOffset?> WrittenAtAsync(CommandKey key, CancellationToken cancellation)
    {
        await using var connection = await database.OpenReaderAsync(key.Tenant, cancellation);
        var milliseconds = await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(SelectTime, new { key.Tenant, key.CommandId }, cancellationToken: cancellation));
        return milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
    }

    /// <summary>All tenants that have entries.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellation) => KnownTenants.ReadAsync(database, NextTenant, cancellation);

    /// <summary>Adds an entry.</summary>
    /// <exception cref="DbException">The command has one: a unique violation.</exception>
    public async ValueTask InsertAsync(DbTransaction transaction, CommandKey key, LedgerEntry entry, CancellationToken cancellation)
    {
        var row = new
        {
            key.Tenant,
            key.CommandId,
            entry.Status,
            entry.Body,

            // Our own has no U+0000, which PostgreSQL can't store; a stranger's may.
            Fingerprint = entry.Fingerprint?.Replace("\0", string.Empty, StringComparison.Ordinal),
            entry.Decision,
            CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await transaction.AddAsync(Insert, row);
    }

    private static async Task<LedgerEntry?> FindAsync(
        DbConnection connection, DbTransaction? transaction, CommandKey key, CancellationToken cancellation)
    {
        var found = await connection.QuerySingleOrDefaultAsync<(long Status, string Body, string? Fingerprint, Guid? Decision)?>(
            new CommandDefinition(Select, new { key.Tenant, key.CommandId }, transaction, cancellationToken: cancellation));
        return found is { } row ? new LedgerEntry((int)row.Status, row.Body, row.Fingerprint, row.Decision) : null;
    }
}
