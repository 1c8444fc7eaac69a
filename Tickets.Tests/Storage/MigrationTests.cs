using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;
using Wolverine.Persistence.Durability;

namespace Tickets.Tests.Storage;

public sealed class MigrationTests
{
    private const string Rights = """
        SELECT concat_ws(' ', name, grantee::regrole, privilege_type) FROM (
            SELECT nspname AS name, (aclexplode(nspacl)).* FROM pg_namespace WHERE nspname IN ('tickets', 'wolverine')
            UNION ALL
            SELECT relname, (aclexplode(relacl)).* FROM pg_class WHERE relnamespace IN ('tickets'::regnamespace, 'wolverine'::regnamespace)) AS rights
        ORDER BY 1
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Found by the fault suite: a process that started while another one migrated slowly gave up after 30 s.
    [Fact]
    public async Task a_process_waits_for_the_migration_of_another_one_however_long_that_takes()
    {
        var login = ((StorageTarget.PostgreSql)StorageTarget.Parse(await SharedPostgreSql.NewDatabaseAsync())).ConnectionString;
        await using var other = new NpgsqlConnection(login);
        await other.OpenAsync();
        await other.ExecuteAsync($"SELECT pg_advisory_lock({PostgreSqlMigrator.LockId})");
        using var database = new PostgreSqlDatabase($"{login};Command Timeout=2");
        var migrator = MigratorOf(database);

        var migrating = migrator.MigrateAsync(CancellationToken.None);
        await Eventually.Async(
            async () => await other.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database() AND now() - query_start > interval '3 s')"),
            waits => waits || migrating.IsCompleted,
            Limit,
            "it waits for longer than any other statement may take");
        migrating.IsCompleted.ShouldBeFalse();
        await other.ExecuteAsync($"SELECT pg_advisory_unlock({PostgreSqlMigrator.LockId})");

        await migrating.WaitAsync(Limit);
    }

    // It was cut off after 30 s, told as a database that is away, and begun again for ever.
    [Fact]
    public async Task a_script_may_take_longer_than_any_other_statement()
    {
        var url = await SharedPostgreSql.NewDatabaseAsync();
        var login = ((StorageTarget.PostgreSql)StorageTarget.Parse(url)).ConnectionString;
        await using var other = new NpgsqlConnection(login);
        await other.OpenAsync();
        await other.ExecuteAsync("""
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''2s''', current_database()); END $$;
            DELETE FROM tickets.schema_versions WHERE scriptname LIKE '%0007_status_by_due.sql';
            """);
        await using var reading = await other.BeginTransactionAsync();
        await other.ExecuteAsync("LOCK TABLE tickets.tickets IN ACCESS SHARE MODE");
        await using var watcher = new NpgsqlConnection(login);
        using var host = SharedPostgreSql.HostOf(url);
        using var database = new PostgreSqlDatabase($"{login};Command Timeout=2");
        var migrator = new PostgreSqlMigrator(database, host.Services.GetRequiredService<Lazy<IMessageStore>>(), NullLogger<PostgreSqlMigrator>.Instance);

        var migrating = migrator.MigrateAsync(CancellationToken.None);
        await Eventually.Async(
            async () => await watcher.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND now() - query_start > interval '3 s')"),
            waits => waits || migrating.IsCompleted,
            Limit,
            "the script waits for longer than any other statement may take");
        migrating.IsCompleted.ShouldBeFalse();
        await reading.CommitAsync();

        await migrating.WaitAsync(Limit);
        (await migrator.PendingAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task rights_that_a_migration_died_before_giving_are_given_by_the_next_one()
    {
        var login = ((StorageTarget.PostgreSql)StorageTarget.Parse(await SharedPostgreSql.NewDatabaseAsync())).ConnectionString;
        await using var owner = new NpgsqlConnection(login);
        var rights = await owner.QueryAsync<string>(Rights);
        await owner.ExecuteAsync("""
            REVOKE ALL ON ALL TABLES IN SCHEMA wolverine FROM tickets_app, tickets_backup;
            REVOKE ALL ON ALL SEQUENCES IN SCHEMA wolverine FROM tickets_app, tickets_backup;
            REVOKE ALL ON SCHEMA wolverine FROM tickets_app, tickets_backup;
            REVOKE ALL ON tickets.schema_versions FROM tickets_app;
            REVOKE ALL ON ALL TABLES IN SCHEMA tickets FROM tickets_backup;
            REVOKE ALL ON ALL SEQUENCES IN SCHEMA tickets FROM tickets_backup;
            REVOKE ALL ON SCHEMA tickets FROM tickets_backup;
            """);
        (await owner.QueryAsync<string>(Rights)).ShouldNotBe(rights);
        using var database = new PostgreSqlDatabase(login);

        await MigratorOf(database).MigrateAsync(CancellationToken.None);

        (await owner.QueryAsync<string>(Rights)).ShouldBe(rights);
    }

    [Fact]
    public async Task a_login_that_owns_nothing_has_nothing_to_migrate_and_no_rights_to_give()
    {
        var url = await SharedPostgreSql.NewDatabaseAsync();
        var worker = $"worker_{Guid.NewGuid():N}";
        await (await SharedPostgreSql.ServerAsync()).ExecuteAsync($"CREATE ROLE {worker} LOGIN IN ROLE tickets_app, tickets_upkeep");
        var target = (StorageTarget.PostgreSql)StorageTarget.Parse(url.Replace("postgres@", $"{worker}@", StringComparison.Ordinal));
        using var database = new PostgreSqlDatabase(target.ConnectionString);

        await Should.NotThrowAsync(() => MigratorOf(database).MigrateAsync(CancellationToken.None));
    }

    private static PostgreSqlMigrator MigratorOf(PostgreSqlDatabase database) => new(
        database, new Lazy<IMessageStore>(() => throw new InvalidOperationException("There is nothing to migrate.")), NullLogger<PostgreSqlMigrator>.Instance);
}
