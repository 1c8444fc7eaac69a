using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>
/// The writer's connection. It keeps its statements compiled and their parameters numbered; the driver's own commands, which
/// make both anew at each run, cost more than the writes themselves. One caller at a time.
/// </summary>
internal sealed class SqliteWriter(string connectionString) : SqliteConnection(connectionString), IRowConnection
{
    // Statements with generated conditions come and go; not each of them is to be kept.
    private const int Most = 128;
    private const int PagesWritten = 9;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public ValueTask<int> RunAsync(string sql, object row) => new(Of(sql).Run(row));

    /// <inheritdoc/>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public ValueTask AddAsync(string sql, IReadOnlyList<object> rows)
    {
        var statement = Of(sql);
        foreach (var row in rows)
        {
            statement.Run(row);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public ValueTask FollowAsync(string sql, object row)
    {
        Of(sql).Run(row);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public ValueTask<object?> ReadAsync(string sql, object row) => new(Of(sql).Read(row));

    /// <inheritdoc/>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public ValueTask<long> NextAsync(Counter counter, string tenant)
    {
        // Two statements: for one with RETURNING, SQLite opens a table of its own each time.
        var row = new { Tenant = tenant, Count = 1 };
        Of(counter.Increase).Run(row);
        return new((long)Of(counter.Value).Read(row)!);
    }

    /// <summary>How many pages it has written to the log since the last call (SQLITE_DBSTATUS_CACHE_WRITE, sqlite.org/c3ref/c_dbstatus_options.html).</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(Handle, PagesWritten, out var pages, out _, resetFlg: 1);
        return pages;
    }

    public override void Close()
    {
        Clear();
        base.Close();
    }

    private SqliteStatement Of(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
        {
            return statement;
        }

        if (_statements.Count == Most)
        {
            Clear();
        }

        return _statements[sql] = new SqliteStatement(Handle!, sql);
    }

    private void Clear()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }
}
