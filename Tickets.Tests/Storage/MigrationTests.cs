using Dapper;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Storage;

public sealed class MigrationTests
{
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
        var migrator = new PostgreSqlMigrator(database, new Lazy<Wolverine.Persistence.Durability.IMessageStore>(() => throw new InvalidOperationException("There is nothing to migrate.")));

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
}
