using Dapper;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Copies the schemas of the service by <c>pg_dump</c>, and brings them back by <c>pg_restore</c>, as their owner.</summary>
/// <param name="database">The database.</param>
public sealed class PostgreSqlBackup(PostgreSqlDatabase database) : IDatabaseBackup
{
    private const string Dump = "pg_dump";
    private const string Restore = "pg_restore";
    private const string Aside = "_before_restore";

    // Row-level security shows a login the rows of the policies that it has. One table without them would be copied as an empty one.
    private const string Hidden = $"""
        SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c
        WHERE c.relnamespace = '{PostgreSqlDatabase.Schema}'::regnamespace AND c.relrowsecurity AND NOT EXISTS (
            SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                AND EXISTS (SELECT FROM unnest(p.polroles) AS role WHERE role = 0 OR pg_has_role(role, 'USAGE')))
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
        await using var connection = await database.OpenOwnerAsync(cancellation);
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
        await using var connection = (NpgsqlConnection)await database.OpenOwnerAsync(cancellation);

        // A service that starts now waits with its migration.
        await connection.ExecuteAsync($"SELECT pg_advisory_lock({PostgreSqlMigrator.LockId})");
        await PostgreSqlRoles.EnsureAsync(connection, cancellation);
        await RenameAsync(connection, from: string.Empty, to: Aside);
        try
        {
            await _program.RunAsync(
                Restore, ["--no-password", "--no-owner", "--exit-on-error", "--single-transaction", $"--dbname={connection.Database}"], copy, cancellation);
        }
        catch
        {
            await EndSessionsAsync(connection);
            await RenameAsync(connection, from: Aside, to: string.Empty);
            throw;
        }

        foreach (var schema in Schemas)
        {
            await connection.ExecuteAsync($"DROP SCHEMA IF EXISTS {schema}{Aside} CASCADE");
        }

        return null;
    }

    // The server goes on with what a program that was killed has asked for, and with its last word it commits. Nobody else restores: that
    // takes the lock.
    private static Task EndSessionsAsync(NpgsqlConnection connection) => connection.ExecuteAsync(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name",
        new { name = PostgreSqlProgram.SessionsOf(Restore) });

    // What a restoration that died has put aside is the database still, unless there is a newer one.
    private static async Task RenameAsync(NpgsqlConnection connection, string from, string to)
    {
        foreach (var schema in Schemas)
        {
            if (await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = @name)", new { name = schema + from }))
            {
                await connection.ExecuteAsync($"DROP SCHEMA IF EXISTS {schema}{to} CASCADE; ALTER SCHEMA {schema}{from} RENAME TO {schema}{to}");
            }
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
