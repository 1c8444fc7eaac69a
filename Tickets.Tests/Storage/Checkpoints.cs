using Dapper;
using NatsServers;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Tests.Storage;

/// <summary>How SQLite's log is carried over to its file beside a writer that never rests.</summary>
public sealed class Checkpoints : IAsyncLifetime
{
    private const int Row = 256 * 1024;
    private const int Rows = 640;
    private const long MiB = 1024 * 1024;
    private const long ShortLog = 64 * MiB;

    private TestStorage _storage = null!;
    private int _written;

    private long LogBytes => new FileInfo(((SqliteDatabase)_storage.Database).Path + "-wal").Length;

    public async ValueTask InitializeAsync()
    {
        _storage = await TestStorage.CreateAsync(StorageKind.Sqlite);
        await _storage.WriteAsync(null, async (transaction, _) => await transaction.Connection!.ExecuteAsync("CREATE TABLE written (body BLOB)"));
    }

    // Large groups write several megabytes each.
    [Theory]
    [InlineData(Row, Rows, ShortLog)]
    [InlineData(12 * Row, Rows / 3, 4 * ShortLog)]
    public async Task the_log_stays_short(int row, int rows, long longest)
    {
        await WriteAsync(rows, row);

        LogBytes.ShouldBeLessThan(longest);
        await AssertWholeAsync();
    }

    // As when the disk was full, or the process has ended: nothing tells how long it is, and no commit may come through before it is shorter.
    [Fact]
    public async Task a_log_that_was_there_before_is_carried_over_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var database = new SqliteDatabase(folder.File("left.db"));
        await using var writer = database.OpenStatementWriter();
        using (new SqliteCheckpointer(writer, database.OpenCheckpointer, pages: 0))
        {
            await writer.ExecuteAsync("CREATE TABLE written (body BLOB)");
            await writer.ExecuteAsync("INSERT INTO written VALUES (randomblob(@Size))", new { Size = 16 * MiB });
        }

        new FileInfo(database.Path).Length.ShouldBeLessThan(MiB);

        await using var next = database.OpenStatementWriter();
        using (var checkpointer = new SqliteCheckpointer(next, database.OpenCheckpointer, database.LogPages))
        {
            await checkpointer.FollowAsync();
        }

        new FileInfo(database.Path).Length.ShouldBeGreaterThan(16 * MiB);
    }

    [Fact]
    public async Task a_log_that_a_reader_held_is_begun_anew_when_that_one_is_gone()
    {
        await using (var reader = await _storage.Database.OpenReaderAsync("acme", CancellationToken.None))
        {
            await using var reading = await reader.BeginTransactionAsync();
            (await reader.ExecuteScalarAsync<int>("SELECT count(*) FROM written")).ShouldBe(0);
            await WriteAsync(Rows);
            LogBytes.ShouldBeGreaterThan(ShortLog);
            (await reader.ExecuteScalarAsync<int>("SELECT count(*) FROM written")).ShouldBe(0);
        }

        await WriteAsync(Rows / 4);
        var held = LogBytes;
        await WriteAsync(Rows);

        LogBytes.ShouldBe(held);
        await AssertWholeAsync();
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    // One after another: the committer has something to write at all times, and never much.
    private async Task WriteAsync(int rows, int row = Row)
    {
        for (var i = 0; i < rows; i++)
        {
            await _storage.WriteAsync(null, async (transaction, _) =>
                await transaction.Connection!.ExecuteAsync("INSERT INTO written VALUES (randomblob(@row))", new { row }));
        }

        _written += rows;
    }

    private async Task AssertWholeAsync()
    {
        (await _storage.ScalarAsync<string>("acme", "PRAGMA integrity_check")).ShouldBe("ok");
        (await _storage.ScalarAsync<int>("acme", "SELECT count(*) FROM written")).ShouldBe(_written);
    }
}
