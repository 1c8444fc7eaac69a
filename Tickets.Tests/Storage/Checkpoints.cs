using Dapper;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Tests.Storage;

/// <summary>How SQLite's log is carried over to its file beside a writer that never rests.</summary>
public sealed class Checkpoints : IAsyncLifetime
{
    private const int Row = 256 * 1024;
    private const int Rows = 640;
    private const long ShortLog = 64L * 1024 * 1024;

    private TestStorage _storage = null!;
    private int _written;

    private long LogBytes => new FileInfo(((SqliteDatabase)_storage.Database).Path + "-wal").Length;

    public async ValueTask InitializeAsync()
    {
        _storage = await TestStorage.CreateAsync(StorageKind.Sqlite);
        await _storage.WriteAsync(null, async (transaction, _) => await transaction.Connection!.ExecuteAsync("CREATE TABLE written (body BLOB)"));
    }

    [Fact]
    public async Task the_log_stays_short()
    {
        await WriteAsync(Rows);

        LogBytes.ShouldBeLessThan(ShortLog);
        await AssertWholeAsync();
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
    private async Task WriteAsync(int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            await _storage.WriteAsync(null, async (transaction, _) =>
                await transaction.Connection!.ExecuteAsync("INSERT INTO written VALUES (randomblob(@Row))", new { Row }));
        }

        _written += rows;
    }

    private async Task AssertWholeAsync()
    {
        (await _storage.ScalarAsync<string>("acme", "PRAGMA integrity_check")).ShouldBe("ok");
        (await _storage.ScalarAsync<int>("acme", "SELECT count(*) FROM written")).ShouldBe(_written);
    }
}
