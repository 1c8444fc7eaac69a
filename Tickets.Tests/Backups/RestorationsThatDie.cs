using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Backups;

/// <summary>A restoration on PostgreSQL whose process, session or server dies, at a moment at which it waits for another session.</summary>
public sealed class RestorationsThatDie : IAsyncLifetime
{
    private const string Tenant = "acme";
    private const string PgRestore = "application_name = 'tickets pg_restore'";
    private const string Lock = "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND objid <> 1) AND application_name = 'tickets'";
    private const string CountAside = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%restore%'";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private string _url = null!;
    private NpgsqlConnection _other = null!;
    private PostgreSqlDatabase _database = null!;

    private string Archive => _folder.File("a.tar");

    public async ValueTask InitializeAsync() => await UseAsync(await SharedPostgreSql.NewDatabaseAsync());

    [Theory]
    [InlineData("run", true)]
    [InlineData("run", false)]
    [InlineData("resources setup", false)]
    public async Task one_that_is_killed_is_undone_by_who_next_comes_to_the_database(string words, bool pgRestoreGoesOn)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", _url));
        await BackUpAndGoOnAsync(service);
        await KillRestorationAsync(nats, pgRestoreGoesOn);

        if (words != "run")
        {
            (await service.RunAsync(words.Split(' '))).ExitCode.ShouldBe(0);
            (await ScalarAsync("SELECT count(*) FROM tickets.tickets")).ShouldBe(2);
        }

        await service.StartAgainAsync();
        (await TitlesAsync(service)).ShouldBe(["Of the backup", "Of later"], ignoreOrder: true);
        (await ScalarAsync(CountAside)).ShouldBe(0);
        (await ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {PgRestore}")).ShouldBe(0);
        if (words == "run")
        {
            await service.SaysAsync("A restoration has died on its way");
        }
    }

    [Fact]
    public async Task one_that_is_killed_can_be_run_again_and_has_something_to_lose()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", _url));
        await BackUpAndGoOnAsync(service);
        await KillRestorationAsync(nats, pgRestoreGoesOn: true);

        var refused = await service.RunAsync("restore", Archive);
        var (exitCode, output) = await service.RunAsync("restore", Archive, "--replace", "--yes");

        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("a database that is not empty; add --replace");
        exitCode.ShouldBe(0, output);
        (await ScalarAsync(CountAside)).ShouldBe(0);
        await service.StartAgainAsync();
        (await TitlesAsync(service)).ShouldBe(["Of the backup"]);
    }

    [Fact]
    public async Task the_database_is_as_it_was_when_pg_restore_dies_and_the_session_of_the_restoration_as_well()
    {
        var (_, restoring) = await BeginAsync("CREATE TABLE");

        await EndAsync(Lock);
        await EndAsync(PgRestore);

        await Should.ThrowAsync<BackupException>(restoring.WaitAsync(Limit));
        await ShouldHoldAsync(number: 8, aside: 0);
    }

    [Fact]
    public async Task a_restoration_whose_session_dies_comes_to_its_end_when_pg_restore_does()
    {
        var (_, restoring) = await BeginAsync("CREATE TABLE");

        await EndAsync(Lock);
        await LetGoAsync();

        (await restoring.WaitAsync(Limit)).ShouldBeNull();
        await ShouldHoldAsync(number: 7, aside: 0);
    }

    [Fact]
    public async Task a_server_that_dies_in_the_middle_has_the_database_as_it_was_once_it_is_migrated()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await UseAsync(server.UrlOf(await server.CreateDatabaseAsync()));
        await MigrateAsync();
        var (_, restoring) = await BeginAsync("CREATE TABLE");

        await server.KillAsync();
        await Should.ThrowAsync<BackupException>(restoring.WaitAsync(Limit));
        await server.StartAgainAsync();
        await UseAsync(_url);
        await MigrateAsync();

        await ShouldHoldAsync(number: 8, aside: 0);
    }

    [Fact]
    public async Task what_one_that_dies_at_its_end_leaves_aside_stays_until_another_has_come_to_its_end()
    {
        var (copy, restoring) = await BeginAsync("DROP SCHEMA");

        await EndAsync(Lock);
        (await restoring.WaitAsync(Limit)).ShouldBe("in the schemas tickets_before_restore and wolverine_before_restore");
        await LetGoAsync();
        await MigrateAsync();
        await ShouldHoldAsync(number: 7, aside: 2);

        // By a service, which found a whole database.
        await SetAsync(9);
        var damaged = _folder.File("damaged");
        await File.WriteAllTextAsync(damaged, "no dump");
        await Should.ThrowAsync<BackupException>(RestoreAsync(damaged));
        await ShouldHoldAsync(number: 9, aside: 2);

        (await RestoreAsync(copy)).ShouldBeNull();
        await ShouldHoldAsync(number: 7, aside: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }

    private async Task UseAsync(string url)
    {
        if (_other is not null)
        {
            await _other.DisposeAsync();
            _database.Dispose();
        }

        var login = ((StorageTarget.PostgreSql)StorageTarget.Parse(url)).ConnectionString;
        (_url, _database) = (url, new PostgreSqlDatabase(login));

        // Under another name: a restoration looks for sessions of services.
        _other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(login) { ApplicationName = "test", Pooling = false }.ConnectionString);
        await _other.OpenAsync();
    }

    private async Task MigrateAsync()
    {
        using var host = SharedPostgreSql.HostOf(_url);
        await host.Services.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None).WaitAsync(Limit);
    }

    private async Task BackUpAndGoOnAsync(TicketService service)
    {
        using var first = await service.CreateAsync(Tenant, "Of the backup");
        var (exitCode, output) = await service.RunAsync("backup", Archive);
        exitCode.ShouldBe(0, output);
        using var second = await service.CreateAsync(Tenant, "Of later");
        second.EnsureSuccessStatusCode();
        await service.StopAsync();
    }

    // While pg_restore works. What it had been given already it goes on with.
    private async Task KillRestorationAsync(NatsServer nats, bool pgRestoreGoesOn)
    {
        await HoldAsync("CREATE TABLE");
        using var restoring = ChildProcess.Start(
            "dotnet", [Repository.Program, "restore", Archive, "--replace", "--yes"], new Dictionary<string, string?> { ["NATS_URL"] = nats.Url, ["DATABASE_URL"] = _url });
        await WaitingAsync();

        // Its output is that of pg_restore as well, and who waits for its end waits for that.
        _ = restoring.KillAsync();
        await Eventually.Async(() => restoring.HasExited, Limit, "it is gone");
        if (pgRestoreGoesOn)
        {
            await _other.ExecuteAsync("DROP EVENT TRIGGER wait");
            return;
        }

        await EndAsync(PgRestore);
        await LetGoAsync();
    }

    private static async Task<IEnumerable<string?>> TitlesAsync(TicketService service) =>
        (await service.ListAsync(Tenant)).Select(ticket => ticket.GetProperty("title").GetString());

    private async Task<string> CopyOfAsync(int number)
    {
        var file = _folder.File("database");
        await _other.ExecuteAsync("INSERT INTO tickets.ticket_numbers (tenant, last_number) VALUES ('acme', @number)", new { number });
        await new PostgreSqlBackup(_database).CopyAsync(file, CancellationToken.None);
        return file;
    }

    // Of a copy with 7, in the place of a database with 8, up to a command at which it waits.
    private async Task<(string Copy, Task<string?> Restoring)> BeginAsync(string waitsAt)
    {
        var copy = await CopyOfAsync(number: 7);
        await SetAsync(8);
        await HoldAsync(waitsAt);
        var restoring = RestoreAsync(copy);
        await WaitingAsync();
        return (copy, restoring);
    }

    private Task SetAsync(int number) => _other.ExecuteAsync("UPDATE tickets.ticket_numbers SET last_number = @number", new { number });

    private async Task<string?> RestoreAsync(string file)
    {
        await using var copy = File.OpenRead(file);
        return await new PostgreSqlBackup(_database).RestoreAsync(copy, CancellationToken.None);
    }

    // Until it is let go, or this session ends.
    private Task HoldAsync(string command) => _other.ExecuteAsync($"""
        SELECT pg_advisory_lock(1);
        CREATE FUNCTION public.wait() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); END';
        CREATE EVENT TRIGGER wait ON ddl_command_start WHEN TAG IN ('{command}') EXECUTE FUNCTION public.wait();
        """);

    private Task LetGoAsync() => _other.ExecuteAsync("DROP EVENT TRIGGER wait; SELECT pg_advisory_unlock(1)");

    private Task WaitingAsync() => Eventually.Async(
        () => _other.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database())"),
        waits => waits,
        Limit,
        "it waits for the other session");

    private async Task EndAsync(string sessions) =>
        (await _other.QueryAsync<bool>($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND {sessions}")).ShouldBe([true]);

    private async Task ShouldHoldAsync(int number, int aside)
    {
        (await ScalarAsync("SELECT last_number FROM tickets.ticket_numbers")).ShouldBe(number);
        (await ScalarAsync(CountAside)).ShouldBe(aside);
    }

    private Task<long> ScalarAsync(string sql) => _other.ExecuteScalarAsync<long>(sql);
}
