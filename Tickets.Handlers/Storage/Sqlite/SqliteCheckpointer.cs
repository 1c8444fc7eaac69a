using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>
/// Carries the write-ahead log over to the file beside the writer, on a connection of its own. SQLite by itself does it within a
/// commit, and whoever waits for that commit or the next waits for the file's flush as well (ADR 28; sqlite.org/c3ref/wal_checkpoint_v2.html).
/// </summary>
/// <remarks>
/// SQLite begins the log anew when all of it has been carried over, which does not happen beside a writer that goes on. So the last
/// few pages are the writer's own. One caller at a time.
/// </remarks>
internal sealed class SqliteCheckpointer : IDisposable
{
    // Pages of 4 KiB.
    private const int EachTime = 2048;
    private const int FullLog = 8192;
    private const int LongestLog = 4 * FullLog;

    // What the writer carries over itself is at most this part of the log. A number of pages would not do: a single group may write more.
    private const int Rest = 16;

    private readonly SqliteWriter _writer;
    private readonly Func<SqliteConnection> _open;
    private SqliteConnection? _connection;
    private Task<LogPosition?> _running = Task.FromResult<LogPosition?>(null);

    // As far as is known: in the log, of that not carried over yet, and come since the last checkpoint began.
    private int _pages;
    private int _left;
    private int _new;

    /// <summary>From now on no commit carries the log over by itself.</summary>
    /// <param name="writer">The one that commits.</param>
    /// <param name="open">Opens the other connection, when it is needed.</param>
    /// <param name="pages">The log's at most. Where the disk is full, only what is carried over makes room, and so it comes before the first commit.</param>
    public SqliteCheckpointer(SqliteWriter writer, Func<SqliteConnection> open, int pages)
    {
        (_writer, _open) = (writer, open);
        Count(pages);
        raw.sqlite3_wal_autocheckpoint(writer.Handle, 0);
    }

    /// <summary>To be called between commits. It waits only while the log grows faster than it is carried over.</summary>
    public async ValueTask FollowAsync()
    {
        Count(_writer.TakePagesWritten());
        if (!_running.IsCompleted && _left < LongestLog)
        {
            return;
        }

        Learn(await _running);
        if (_pages >= FullLog && _left <= _pages / Rest)
        {
            _new = 0;
            Learn(Checkpoint(_writer));
        }
        else if (_new >= (_pages < FullLog ? EachTime : FullLog / Rest))
        {
            _new = 0;
            _running = Task.Run(CheckpointBeside);
        }
    }

    /// <summary>Returns when what has begun has ended.</summary>
    public void Dispose()
    {
        _running.Wait();
        _connection?.Dispose();
    }

    private void Count(int pages)
    {
        _pages += pages;
        _left += pages;
        _new += pages;
    }

    // What is new has come after what it tells of.
    private void Learn(LogPosition? position)
    {
        _running = Task.FromResult<LogPosition?>(null);
        if (position is { } found)
        {
            var beginsAnew = found.Pages == found.CarriedOver && _new == 0;
            (_pages, _left) = beginsAnew ? (0, 0) : (found.Pages + _new, found.Pages - found.CarriedOver + _new);
        }
    }

    private LogPosition? CheckpointBeside()
    {
        try
        {
            return Checkpoint(_connection ??= _open());
        }
        catch (SqliteException)
        {
            // As below.
            return null;
        }
    }

    // Null when it was not possible: another process is at it, or the file can't be written. The log grows, commits go on, and tell
    // when they can't; the next checkpoint begins where the last one ended.
    private static LogPosition? Checkpoint(SqliteConnection connection)
    {
        using var activity = StorageInstrumentation.StartCheckpoint();
        var result = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out var carriedOver);
        if (result == raw.SQLITE_OK)
        {
            return new LogPosition(pages, carriedOver);
        }

        activity?.SetStatus(ActivityStatusCode.Error, raw.sqlite3_errstr(result).utf8_to_string());
        return null;
    }

    private readonly record struct LogPosition(int Pages, int CarriedOver);
}
