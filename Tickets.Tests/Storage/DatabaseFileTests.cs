using System.Diagnostics;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Data.Sqlite;
using NatsServers;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class DatabaseFileTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("test.db");

    [Fact]
    public async Task a_file_that_another_process_has_is_refused_until_that_one_ends()
    {
        using var database = new SqliteDatabase(File);
        using var other = Process.Start(new ProcessStartInfo("flock", [File + ".lock", "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (await other.StandardOutput.ReadLineAsync().WaitAsync(Limit)).ShouldBe("held");

        Should.Throw<DatabaseInUseException>(database.OpenWriter).Message.ShouldContain(File);
        other.StandardInput.Close();
        await other.WaitForExitAsync().WaitAsync(Limit);

        using var writer = database.OpenWriter();
        (await writer.ExecuteScalarAsync<int>("PRAGMA busy_timeout")).ShouldBe(1000);
    }

    [Fact]
    public async Task the_file_is_durable_readable_by_its_owner_alone_and_written_by_one_process()
    {
        using var database = new SqliteDatabase(File);
        await new SqliteMigrator(database).MigrateAsync(CancellationToken.None);
        using var writer = database.OpenWriter();

        (await writer.ExecuteScalarAsync<string>("PRAGMA journal_mode")).ShouldBe("wal");
        (await writer.ExecuteScalarAsync<int>("PRAGMA synchronous")).ShouldBe(2);
        (await writer.ExecuteScalarAsync<int>("PRAGMA foreign_keys")).ShouldBe(1);
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            System.IO.File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        using var second = new SqliteDatabase(File);
        Should.Throw<DatabaseInUseException>(second.OpenWriter).Message.ShouldContain("in use by another process");
        using var reader = second.OpenReader();
        Should.Throw<SqliteException>(() => reader.Execute("DELETE FROM ledger"));
    }

    [Fact]
    public async Task a_file_that_was_open_to_others_is_made_private()
    {
        using (var careless = new SqliteConnection($"Data Source={File};Pooling=false"))
        {
            await careless.OpenAsync();
            await careless.ExecuteAsync("CREATE TABLE t (x)");
        }

        System.IO.File.SetUnixFileMode(File, (UnixFileMode)0b110_100_100);
        using var database = new SqliteDatabase(File);
        using var writer = database.OpenWriter();
        await writer.ExecuteAsync("INSERT INTO t VALUES (1)");

        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            System.IO.File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Fact]
    public async Task a_script_that_fails_leaves_the_ones_before_it_and_runs_when_the_cause_is_gone()
    {
        using var database = new SqliteDatabase(File);
        var migrator = new SqliteMigrator(database);
        var all = await migrator.PendingAsync(CancellationToken.None);
        using var writer = database.OpenWriter();
        await writer.ExecuteAsync("CREATE TABLE ledger (in_the_way)");

        (await Should.ThrowAsync<MigrationException>(() => migrator.MigrateAsync(CancellationToken.None))).Message.ShouldContain("0002_ledger.sql");
        (await migrator.PendingAsync(CancellationToken.None)).ShouldBe(all.Skip(1));
        await writer.ExecuteAsync("DROP TABLE ledger");
        await migrator.MigrateAsync(CancellationToken.None);

        (await migrator.PendingAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_outbox_of_the_first_version_keeps_its_messages()
    {
        using var database = new SqliteDatabase(File);
        using var writer = database.OpenWriter();
        await MigrateBeforeAsync("0002", writer);
        await writer.ExecuteAsync("INSERT INTO outgoing_messages VALUES ('1', 0, 'nats://subject/a', 'm', 42, x'00')");

        await new SqliteMigrator(database).MigrateAsync(CancellationToken.None);

        (await writer.QuerySingleAsync<(long, long, long)>("SELECT stored_at, claimed_at, attempts FROM outgoing_messages")).ShouldBe((42, 42, 0));
    }

    [Fact]
    public async Task rows_that_were_kept_by_their_keys_are_all_there_when_they_are_kept_in_order()
    {
        using var database = new SqliteDatabase(File);
        using var writer = database.OpenWriter();
        await MigrateBeforeAsync("0016", writer);
        await writer.ExecuteAsync("INSERT INTO ledger VALUES ('b', '2', 201, '{}', 7, 'f', 'd'), ('a', '1', 404, 'null', 8, NULL, NULL)");
        await writer.ExecuteAsync("INSERT INTO audit VALUES ('a', '1', 't', 3, '2026-11-25', '{}')");

        await new SqliteMigrator(database).MigrateAsync(CancellationToken.None);

        (await writer.QueryAsync<(string, string, long, string, long, string?, string?)>(
            "SELECT tenant, command_id, status, body, created_at, fingerprint, decision FROM ledger ORDER BY seq"))
            .ShouldBe([("b", "2", 201, "{}", 7, "f", "d"), ("a", "1", 404, "null", 8, null, null)]);
        (await writer.QuerySingleAsync<(string, string, string, long, string, string)>(
            "SELECT tenant, id, ticket_id, version, occurred_at, record FROM audit")).ShouldBe(("a", "1", "t", 3, "2026-11-25", "{}"));
        await Should.ThrowAsync<SqliteException>(() => writer.ExecuteAsync("UPDATE audit SET record = 'other'"));
        await Should.ThrowAsync<SqliteException>(() => writer.ExecuteAsync(
            "INSERT INTO ledger (tenant, command_id, status, body, created_at) VALUES ('a', '1', 201, '{}', 9)"));
    }

    public void Dispose() => _folder.Dispose();

    // As a program did that knew the scripts before this one.
    private static async Task MigrateBeforeAsync(string script, SqliteConnection writer)
    {
        const string prefix = "Tickets.Handlers.Storage.Scripts.";
        var assembly = typeof(SqliteMigrator).Assembly;
        await writer.ExecuteAsync("CREATE TABLE SchemaVersions (SchemaVersionID INTEGER CONSTRAINT 'PK_SchemaVersions_SchemaVersionID' PRIMARY KEY AUTOINCREMENT NOT NULL, ScriptName TEXT NOT NULL, Applied DATETIME NOT NULL)");
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Where(name =>
            name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(name, prefix + script) < 0))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            await writer.ExecuteAsync(await text.ReadToEndAsync());
            await writer.ExecuteAsync("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES (@name, '2026-11-23')", new { name });
        }
    }
}
