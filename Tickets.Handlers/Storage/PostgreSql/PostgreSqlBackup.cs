using Dapper;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Copies the schemas of the service by <c>pg_dump</c>, and brings them back by <c>pg_restore</c>, as their owner.</summary>
/// <param name="database">The database.</param>
public sealed class PostgreSqlBackup(PostgreSqlDatabase database) : IDatabaseBackup
{
    private const string Dump = "pg_dump";

    // Row-level security shows a login the rows of the policies that it has. One table without them would be copied as an empty one.
    private const string Hidden = $"""
        SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c
        WHERE c.relnamespace = '{PostgreSqlDatabase.Schema}'::regnamespace AND c.relrowsecurity AND NOT EXISTS (
            SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                AND EXISTS (SELECT FROM unnest(p.polroles) AS role WHERE role = 0 OR pg_has_role(role, 'USAGE')))
        """;

    private const string EndLost = """
        SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
        WHERE locktype = 'advisory' AND pid = @session AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private static readonly string[] Schemas = [PostgreSqlDatabase.Schema, PostgreSqlDatabase.MessageSchema];

    private readonly PostgreSqlProgram _program = new(database.ConnectionString);

    /// <inheritdoc/>
    public string Kind => "postgresql";

    /// <inheritdoc/>
    public async Task CopyAsync(string file, CancellationToken cancellation)
    {
        string[] arguments = ["--format=custom", "--no-password", .. Schemas.Select(schema => $"--schema={schema}"), $"--file={file}"];
        await _program.RunAsync(Dump, [.. arguments, .. await VisibilityAsync(cancellation)], input: null, cancellation);
    }

    /// <inheritdoc/>
    public async Task<string?> NewestScriptAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenOwnerAsync(cancellation);
        return await connection.ExecuteScalarAsync<string?>($"SELECT max(scriptname COLLATE \"C\") FROM {PostgreSqlMigrator.Journal}");
    }

    /// <inheritdoc/>
    public async Task<Guid?> OldestOutgoingAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenOwnerAsync(cancellation);
        return await connection.ExecuteScalarAsync<Guid?>(
            $"SELECT id FROM {PostgreSqlDatabase.MessageSchema}.wolverine_outgoing_envelopes ORDER BY id LIMIT 1");
    }

    /// <inheritdoc/>
    public async Task<string?> UserAsync(CancellationToken cancellation)
    {
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).ApplicationName;
        await using var connection = await database.OpenOwnerAsync(cancellation);
        var sessions = await connection.ExecuteScalarAsync<int>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name AND pid <> pg_backend_pid()", new { name });
        return sessions > 0 ? $"{database.Description} has {sessions} sessions of '{name}'" : null;
    }

    /// <inheritdoc/>
    public async Task<bool> HasRowsAsync(IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);

        // The database, when a restoration has died.
        if (await PostgreSqlAside.ExistsAsync(connection, cancellation))
        {
            return true;
        }

        foreach (var table in tables)
        {
            if (await connection.ExecuteScalarAsync<bool>("SELECT to_regclass(@name) IS NOT NULL", new { name = $"{PostgreSqlDatabase.Schema}.{table}" })
                && await connection.ExecuteScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {PostgreSqlDatabase.Schema}.{table})"))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public async Task<string?> RestoreAsync(Stream copy, CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        var session = connection.ProcessID;

        // A service that starts now waits with its migration.
        await PostgreSqlMigrator.LockAsync(connection, cancellation);
        await PostgreSqlAside.TakeBackAsync(connection, cancellation);
        await PostgreSqlRoles.EnsureAsync(connection, cancellation);
        await PostgreSqlAside.KeepEarlierAsync(connection, cancellation);
        try
        {
            await PostgreSqlAside.PutAsync(connection, cancellation);
            await _program.RunAsync(
                PostgreSqlAside.Program, ["--no-password", "--no-owner", "--exit-on-error", "--single-transaction", $"--dbname={connection.Database}"], copy, cancellation);
        }
        catch
        {
            // The first fault is told, whatever this meets. Who migrates next, or restores, takes back what is left aside.
            await EndAsync(connection, session, PostgreSqlAside.UndoAsync, another => PostgreSqlAside.TakeBackAsync(another, CancellationToken.None));
            throw;
        }

        // It is restored, whatever this meets. The next restoration removes what is left aside.
        return await EndAsync(connection, session, PostgreSqlAside.DropAsync, PostgreSqlAside.DropAsync) ? null : PostgreSqlAside.Place;
    }

    // Under the lock, or under one that is taken again when its session has died: then others may have had it meanwhile.
    private async Task<bool> EndAsync(NpgsqlConnection connection, int session, Func<NpgsqlConnection, Task> kept, Func<NpgsqlConnection, Task> lost)
    {
        try
        {
            if (await PostgreSqlUpkeep.LivesAsync(connection, CancellationToken.None))
            {
                await kept(connection);
                return true;
            }

            // A session that was cut off may be there for the server still, and keep the lock.
            await using var another = await database.Owner.OpenConnectionAsync();
            await another.ExecuteAsync(EndLost, new { session });
            await PostgreSqlMigrator.LockAsync(another, CancellationToken.None);
            await lost(another);
            return true;
        }
        catch (NpgsqlException)
        {
            // The server is away.
            return false;
        }
    }

    private async Task<string[]> VisibilityAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenOwnerAsync(cancellation);
        if (await connection.ExecuteScalarAsync<bool>("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
        {
            return [];
        }

        return await connection.ExecuteScalarAsync<string?>(Hidden) is { } hidden
            ? throw new BackupException(
                $"the login does not see all rows of {hidden}; take that of the tables' owner, or of a member of tickets_backup, once './tickets resources setup' has run")
            : ["--enable-row-security"];
    }
}
