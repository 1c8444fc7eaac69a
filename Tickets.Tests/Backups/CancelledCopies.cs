using Dapper;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Backups;

/// <summary>A copy of a PostgreSQL database that somebody interrupts, while it waits for another session.</summary>
public sealed class CancelledCopies : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _cancellation = new();
    private string _url = null!;
    private string _login = null!;
    private NpgsqlConnection _other = null!;
    private PostgreSqlDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _url = await SharedPostgreSql.NewDatabaseAsync();
        _login = ((StorageTarget.PostgreSql)StorageTarget.Parse(_url)).ConnectionString;
        _database = new PostgreSqlDatabase(_login);
        _other = new NpgsqlConnection(_login);
        await _other.OpenAsync();
    }

    [Fact]
    public async Task an_interrupted_backup_leaves_no_program_behind()
    {
        var file = _folder.File("database");
        await using var user = await LockAsync();

        var copying = new PostgreSqlBackup(_database).CopyAsync(file, _cancellation.Token);
        await WaitingAsync();
        Programs(file).ShouldNotBeEmpty();
        await _cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(copying.WaitAsync(Limit));
        Programs(file).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_backup_that_is_told_to_end_takes_its_program_with_it()
    {
        var file = _folder.File("a.tar");
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", _url));
        await using var user = await LockAsync();

        using var backup = ChildProcess.Start(
            "dotnet", [Repository.Program, "backup", file], new Dictionary<string, string?> { ["NATS_URL"] = nats.Url, ["DATABASE_URL"] = _url });
        await WaitingAsync();
        await backup.TerminateAsync(Limit);

        Programs(file).ShouldBeEmpty();
        backup.ExitCode.ShouldBe(1, backup.Output);
        backup.Output.ShouldContain("FAIL  it was interrupted");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_interrupted_restoration_ends_its_program_before_the_database_is_as_it_was()
    {
        var file = _folder.File("database");
        await _other.ExecuteAsync("INSERT INTO tickets.ticket_numbers (tenant, last_number) VALUES ('acme', 7)");
        await new PostgreSqlBackup(_database).CopyAsync(file, CancellationToken.None);
        await _other.ExecuteAsync("""
            UPDATE tickets.ticket_numbers SET last_number = 8;
            CREATE FUNCTION public.wait() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); END';
            CREATE EVENT TRIGGER wait ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.wait();
            SELECT pg_advisory_lock(1);
            """);

        await using var copy = File.OpenRead(file);
        var program = $"--dbname={_other.Database}";
        var restoring = new PostgreSqlBackup(_database).RestoreAsync(copy, _cancellation.Token);
        await WaitingAsync();
        Programs(program).ShouldNotBeEmpty();
        await _cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(restoring.WaitAsync(Limit));
        Programs(program).ShouldBeEmpty();
        (await _other.ExecuteScalarAsync<int>("SELECT last_number FROM tickets.ticket_numbers")).ShouldBe(8);
        (await _other.ExecuteScalarAsync<int>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%restore'")).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        _database.Dispose();
        _cancellation.Dispose();
        _folder.Dispose();
    }

    // Until it is disposed.
    private async Task<NpgsqlConnection> LockAsync()
    {
        var user = new NpgsqlConnection($"{_login};Pooling=false");
        await user.OpenAsync();
        await user.ExecuteAsync("BEGIN; LOCK TABLE tickets.tickets IN ACCESS EXCLUSIVE MODE");
        return user;
    }

    private Task WaitingAsync() => Eventually.Async(
        () => _other.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'tickets %' AND datname = current_database() AND wait_event_type = 'Lock')"),
        waits => waits,
        Limit,
        "it waits for the other session");

    // Those that were called with it (Linux).
    private static List<string> Programs(string argument) =>
        [.. Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Calls(folder).Contains(argument, StringComparison.Ordinal))];

    private static string Calls(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return string.Empty;
        }
    }
}
