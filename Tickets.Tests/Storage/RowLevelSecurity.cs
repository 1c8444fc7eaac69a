using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Records;

namespace Tickets.Tests.Storage;

/// <summary>What PostgreSQL itself keeps apart, whatever a query says.</summary>
public sealed class RowLevelSecurity : IAsyncLifetime
{
    private static readonly string[] Tables = ["ledger", "ticket_numbers", "tickets", "ticket_tags", "comments", "audit", "notifications"];
    private const string Session = "SELECT pg_backend_pid(), current_user::text";

    private TestStorage _storage = null!;

    public static TheoryData<string> TablesOfTenants => [.. Tables];

    public async ValueTask InitializeAsync()
    {
        _storage = await TestStorage.CreateAsync(StorageKind.PostgreSql);
        var ticket = TicketsFixture.New("Printer") with { Tags = ["red"] };
        await _storage.WriteAsync("acme", async (transaction, cancellation) => await new InsertTicket(ticket).ApplyAsync(transaction, cancellation));
    }

    [Theory]
    [InlineData("acme", 1)]
    [InlineData("other", 0)]
    [InlineData("", 0)]
    public async Task a_query_without_a_condition_sees_the_rows_of_its_tenant_alone(string tenant, int rows)
    {
        foreach (var table in new[] { "tickets", "ticket_tags", "ticket_numbers" })
        {
            (await _storage.ScalarAsync<int>(tenant, $"SELECT count(*) FROM {table}")).ShouldBe(rows, table);
        }

        (await _storage.ScalarAsync<int>(tenant, "SELECT count(*) FROM tickets_with(ARRAY['printer'], 10)")).ShouldBe(rows);
        (await _storage.ScalarAsync<bool>(tenant, "SELECT bool_or(ticket_has(seq, ARRAY['printer'])) IS TRUE FROM generate_series(1, 100) seq")).ShouldBe(rows == 1);
    }

    [Theory]
    [InlineData("tickets")]
    [InlineData("ticket_tags")]
    [InlineData("ticket_numbers")]
    public async Task while_no_tenant_is_set_there_is_no_row(string table)
    {
        await using var owner = await _storage.Database.OpenOwnerAsync(CancellationToken.None);
        await owner.ExecuteAsync("SET ROLE tickets_app");

        (await owner.ExecuteScalarAsync<int>($"SELECT count(*) FROM {table}")).ShouldBe(0);
    }

    [Theory]
    [InlineData("tickets")]
    [InlineData("ticket_tags")]
    [InlineData("ticket_numbers")]
    public async Task its_owner_is_bound_by_the_policies_too(string table)
    {
        await using var owner = await _storage.Database.OpenOwnerAsync(CancellationToken.None);
        await owner.ExecuteAsync($"CREATE ROLE plain_{table} NOLOGIN; GRANT USAGE ON SCHEMA tickets TO plain_{table}; ALTER TABLE {table} OWNER TO plain_{table}; SET ROLE plain_{table}");

        (await owner.ExecuteScalarAsync<int>($"SELECT count(*) FROM {table}")).ShouldBe(0);
    }

    [Fact]
    public async Task a_connection_does_not_keep_the_tenant_of_who_had_it_before()
    {
        for (var i = 0; i < 20; i++)
        {
            (await _storage.ScalarAsync<int>("acme", "SELECT count(*) FROM tickets")).ShouldBe(1);
            (await _storage.ScalarAsync<int>("other", "SELECT count(*) FROM tickets")).ShouldBe(0);
        }
    }

    // Before the minors of November 2024 (CVE-2024-10978) the pool's DISCARD ALL left a session without the role that it had begun with.
    [Fact]
    public async Task a_connection_that_comes_back_without_its_role_gets_it_again()
    {
        using var database = new PostgreSqlDatabase($"{((PostgreSqlDatabase)_storage.Database).ConnectionString};Maximum Pool Size=1;No Reset On Close=true");

        foreach (var open in new Func<Task<DbConnection>>[]
        {
            () => database.OpenReaderAsync("other", CancellationToken.None).AsTask(),
            () => database.OpenUpkeepReaderAsync(CancellationToken.None).AsTask(),
        })
        {
            var before = await LoseRoleAsync(await open());
            await using var after = await open();

            (await after.QuerySingleAsync<(int, string)>(Session)).ShouldBe((before.Backend, before.Role));
        }

        await using var reader = await database.OpenReaderAsync("other", CancellationToken.None);
        (await reader.ExecuteScalarAsync<int>("SELECT count(*) FROM tickets")).ShouldBe(0);
    }

    [Fact]
    public async Task a_writer_that_comes_back_without_its_role_gets_it_again()
    {
        using var database = new PostgreSqlDatabase($"{((PostgreSqlDatabase)_storage.Database).ConnectionString};Maximum Pool Size=1");
        await using var committer = new GroupCommitter(database, NullLogger<GroupCommitter>.Instance);
        await committer.CommitAsync(new Unit(null, transaction => transaction.Connection!.ExecuteAsync("SET ROLE NONE")), CancellationToken.None);
        string? role = null;

        await committer.CommitAsync(
            new Unit("other", async transaction => role = await transaction.Connection!.ExecuteScalarAsync<string>("SELECT current_user")), CancellationToken.None);

        role.ShouldBe("tickets_app");
    }

    [Fact]
    public async Task a_row_of_another_tenant_can_be_neither_written_nor_changed()
    {
        var ticket = TicketsFixture.New("Stolen");

        (await Should.ThrowAsync<PostgresException>(() => _storage.WriteAsync(
            "other", async (transaction, cancellation) => await new InsertTicket(ticket).ApplyAsync(transaction, cancellation)))).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await _storage.WriteAsync("other", async (transaction, cancellation) =>
            (await transaction.RunAsync("UPDATE tickets SET title = 'stolen'", new { })).ShouldBe(0));
    }

    [Theory]
    [MemberData(nameof(TablesOfTenants))]
    public async Task every_table_of_tenants_is_guarded_and_none_belongs_to_the_role_that_works(string table)
    {
        (await _storage.ScalarAsync<bool>("acme", $"SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = '{table}'::regclass")).ShouldBeTrue();
        (await _storage.ScalarAsync<int>("acme", "SELECT count(*) FROM pg_class WHERE relowner = 'tickets_app'::regrole")).ShouldBe(0);
    }

    [Theory]
    [InlineData("UPDATE audit SET record = ''")]
    [InlineData("UPDATE ledger SET body = ''")]
    [InlineData("SELECT words FROM ticket_texts")]
    [InlineData("SELECT hash FROM api_keys")]
    [InlineData("SELECT key FROM replay_key")]
    [InlineData("SET ROLE tickets_upkeep; INSERT INTO api_keys SELECT * FROM api_keys")]
    [InlineData("SET ROLE tickets_upkeep; UPDATE api_keys SET revoked_at = NULL")]
    [InlineData("DROP TABLE tickets")]
    [InlineData("ALTER TABLE tickets DISABLE ROW LEVEL SECURITY")]
    [InlineData("SET ROLE tickets_upkeep; SELECT record FROM audit")]
    public async Task what_the_service_never_needs_it_may_not_do(string sql)
    {
        await using var reader = await _storage.Database.OpenReaderAsync("acme", CancellationToken.None);

        (await Should.ThrowAsync<PostgresException>(() => reader.ExecuteAsync(sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task a_table_of_the_session_does_not_stand_in_for_one_that_is_read_with_the_rights_of_its_owner()
    {
        await using var reader = await _storage.Database.OpenReaderAsync("acme", CancellationToken.None);
        await reader.ExecuteAsync("CREATE TEMP TABLE ticket_texts (seq bigint, words tsvector)");

        (await reader.ExecuteScalarAsync<int>("SELECT count(*) FROM tickets_with(ARRAY['printer'], 10)")).ShouldBe(1);
    }

    [Fact]
    public async Task what_runs_with_the_rights_of_its_owner_looks_into_the_session_last() =>
        (await _storage.ScalarAsync<string>("acme", """
            SELECT string_agg(proname, ', ') FROM pg_proc
            WHERE pronamespace = 'tickets'::regnamespace AND prosecdef AND NOT coalesce('search_path=tickets, pg_temp' = ANY (proconfig), false)
            """)).ShouldBeNull();

    [Fact]
    public void every_table_that_has_tenants_is_in_this_list()
    {
        var scripts = Directory.GetFiles(Path.Combine(Fixtures.Repository.Root, "Tickets.Handlers", "Storage", "PostgreSql", "Scripts"));

        string.Concat(scripts.Select(File.ReadAllText)).Split("CREATE TABLE ")[1..].Where(table => table[..table.IndexOf(");", StringComparison.Ordinal)].Contains(" tenant ", StringComparison.Ordinal))
            .Select(table => table[..table.IndexOf(' ', StringComparison.Ordinal)]).ShouldBe(Tables, ignoreOrder: true);
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private static async Task<(int Backend, string Role)> LoseRoleAsync(DbConnection connection)
    {
        await using (connection)
        {
            var session = await connection.QuerySingleAsync<(int, string)>(Session);
            await connection.ExecuteAsync("SET ROLE NONE");
            return session;
        }
    }

    private sealed class Unit(string? tenant, Func<DbTransaction, Task> write) : IUnitOfWork
    {
        public string? Tenant => tenant;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) => await write(transaction);
    }
}
