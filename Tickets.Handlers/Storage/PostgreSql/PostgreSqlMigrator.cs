using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine.Persistence.Durability;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Migrates a PostgreSQL database: Wolverine's tables and ours, by one process at a time.</summary>
/// <param name="database">The database.</param>
/// <param name="messages">Wolverine's own tables.</param>
/// <param name="logger">Told when there was a restoration that had died.</param>
public sealed partial class PostgreSqlMigrator(PostgreSqlDatabase database, Lazy<IMessageStore> messages, ILogger<PostgreSqlMigrator> logger) : IMigrator
{
    private const string Scripts = "Tickets.Handlers.Storage.PostgreSql.";
    internal const string Journal = "schema_versions";

    // Any number will do, as long as all versions of this program take the same.
    internal const long LockId = 7_246_190_331_520_481;

    // Wolverine may have made new tables. The journal tells a login that owns nothing whether all is there.
    private const string Grants = $"""
        GRANT SELECT ON {PostgreSqlDatabase.Schema}.{Journal} TO tickets_app;
        GRANT USAGE ON SCHEMA {PostgreSqlDatabase.MessageSchema} TO tickets_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {PostgreSqlDatabase.MessageSchema} TO tickets_app;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {PostgreSqlDatabase.MessageSchema} TO tickets_app;
        GRANT USAGE ON SCHEMA {PostgreSqlDatabase.Schema}, {PostgreSqlDatabase.MessageSchema} TO tickets_backup;
        GRANT SELECT ON ALL TABLES IN SCHEMA {PostgreSqlDatabase.Schema}, {PostgreSqlDatabase.MessageSchema} TO tickets_backup;
        GRANT SELECT ON ALL SEQUENCES IN SCHEMA {PostgreSqlDatabase.Schema}, {PostgreSqlDatabase.MessageSchema} TO tickets_backup;
        """;

    // An index over millions of tickets takes minutes. Cut off, it would be begun again for ever.
    private static readonly TimeSpan Unlimited = TimeSpan.Zero;

    // Rights are given by who owns, whatever they are given already.
    private const string Owns = $"""
        SELECT NOT EXISTS (
            SELECT FROM pg_namespace
            WHERE nspname IN ('{PostgreSqlDatabase.Schema}', '{PostgreSqlDatabase.MessageSchema}') AND NOT pg_has_role(nspowner, 'USAGE'))
        AND NOT EXISTS (
            SELECT FROM pg_class
            WHERE relnamespace IN ('{PostgreSqlDatabase.Schema}'::regnamespace, '{PostgreSqlDatabase.MessageSchema}'::regnamespace)
                AND relkind IN ('r', 'S') AND NOT pg_has_role(relowner, 'USAGE'))
        """;

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            await MigrateAloneAsync(cancellation);
        }
        catch (Exception e) when (PostgreSqlFaults.IsAway(e))
        {
            throw new DatabaseAwayException(database.Description, e.GetBaseException());
        }
        catch (NpgsqlException e)
        {
            throw new MigrationException(database.Description, new InvalidOperationException(e is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege }
                ? $"{e.Message}; run 'resources setup' with the DATABASE_URL of the schema's owner"
                : e.Message));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Known => [.. typeof(PostgreSqlMigrator).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Scripts, StringComparison.Ordinal))];

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<string>>(() => [.. Engine().GetScriptsToExecute().Select(script => script.Name)], cancellation);

    private async Task MigrateAloneAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        await LockAsync(connection, cancellation);
        await CheckEncodingAsync(connection, cancellation);
        if (await PostgreSqlAside.TakeBackAsync(connection, cancellation))
        {
            LogTakenBack(logger);
        }

        if ((await PendingAsync(cancellation)).Count == 0)
        {
            // Also the way of a login that may not change the schema. Who may gives the rights that a migration died before giving.
            await GrantIfOwnerAsync(connection, cancellation);
            return;
        }

        await PostgreSqlRoles.EnsureAsync(connection, cancellation);
        await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {PostgreSqlDatabase.Schema}", cancellation);
        await messages.Value.Admin.MigrateAsync(JasperFx.AutoCreate.CreateOrUpdate);
        var result = Engine().PerformUpgrade();
        if (!result.Successful)
        {
            throw new MigrationException(result.ErrorScript?.Name ?? "the journal", result.Error);
        }

        await RunAsync(connection, Grants, cancellation);
    }

    private static async Task GrantIfOwnerAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Owns, connection);
        if (await command.ExecuteScalarAsync(cancellation) is true)
        {
            await RunAsync(connection, Grants, cancellation);
        }
    }

    private UpgradeEngine Engine() => DeployChanges.To
        .PostgresqlDatabase(new PostgresqlConnectionManager(database.Owner))
        .WithScriptsEmbeddedInAssembly(typeof(PostgreSqlMigrator).Assembly, name => name.StartsWith(Scripts, StringComparison.Ordinal))
        .JournalToPostgresqlTable(PostgreSqlDatabase.Schema, Journal)
        .WithVariablesDisabled()
        .WithTransactionPerScript()
        .WithExecutionTimeout(Unlimited)
        .LogToNowhere()
        .Build();

    // Words are compared without regard to case and accents, in every language.
    private static async Task CheckEncodingAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT getdatabaseencoding() = 'UTF8' AND lower('É') = 'é'", connection);
        if (await command.ExecuteScalarAsync(cancellation) is not true)
        {
            throw new MigrationException("the check of the encoding", new InvalidOperationException(
                "the database must have the encoding UTF8 and a locale that knows letters; make it with "
                + "CREATE DATABASE tickets ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"));
        }
    }

    /// <summary>Keeps all others from migrating and restoring, as long as the session lives. It waits for one that does, however long.</summary>
    internal static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({LockId})", connection) { CommandTimeout = (int)Unlimited.TotalSeconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // One of the constants above.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Unlimited.TotalSeconds };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(3007, LogLevel.Warning, "A restoration has died on its way; the database is again what it had put aside")]
    private static partial void LogTakenBack(ILogger logger);
}
