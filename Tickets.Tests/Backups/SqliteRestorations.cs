using Dapper;
using NatsServers;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Tests.Backups;

/// <summary>A SQLite file that is restored where something lies already that is no whole database.</summary>
public sealed class SqliteRestorations : IAsyncLifetime
{
    private const string Damaged = "This was a database once, and is long enough to have had a header.";
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _source = null!;
    private SqliteDatabase _target = null!;

    private string Copy => _folder.File("copy");

    public async ValueTask InitializeAsync()
    {
        (_source, _target) = (new SqliteDatabase(_folder.File("source.db")), new SqliteDatabase(_folder.File("target.db")));
        await new SqliteMigrator(_source).MigrateAsync(CancellationToken.None);
        await using var writer = _source.OpenWriter();
        await writer.ExecuteAsync("INSERT INTO ticket_numbers (tenant, last_number) VALUES ('acme', 7)");
        await new SqliteBackup(_source, TimeProvider.System).CopyAsync(Copy, CancellationToken.None);
    }

    [Fact]
    public async Task a_damaged_file_is_something_and_is_put_aside()
    {
        await File.WriteAllTextAsync(_target.Path, Damaged);

        (await new SqliteBackup(_target, TimeProvider.System).HasRowsAsync(["tickets"], CancellationToken.None)).ShouldBeTrue();
        var aside = await RestoreAsync();

        (await File.ReadAllTextAsync(aside!)).ShouldBe(Damaged);
        Number().ShouldBe(7);
    }

    [Fact]
    public async Task a_log_that_is_left_alone_does_not_get_into_what_is_restored()
    {
        await using (var writer = _source.OpenWriter())
        {
            await writer.ExecuteAsync("UPDATE ticket_numbers SET last_number = 8");
            File.Copy(_source.Path + "-wal", _target.Path + "-wal");
        }

        (await RestoreAsync()).ShouldBeNull();

        Number().ShouldBe(7);
    }

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        _target.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> RestoreAsync()
    {
        await using var copy = File.OpenRead(Copy);
        return await new SqliteBackup(_target, TimeProvider.System).RestoreAsync(copy, CancellationToken.None);
    }

    private int Number()
    {
        using var writer = _target.OpenWriter();
        return writer.ExecuteScalar<int>("SELECT last_number FROM ticket_numbers");
    }
}
