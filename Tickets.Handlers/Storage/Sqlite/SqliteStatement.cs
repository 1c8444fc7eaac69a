using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>A compiled statement. Interface: sqlite.org/c3ref/stmt.html.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly string[] _parameters;

    /// <summary>Compiles it.</summary>
    /// <exception cref="SqliteException">SQLite does not take it.</exception>
    /// <exception cref="ArgumentException">It is more than one statement.</exception>
    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
        {
            _statement.Dispose();
            throw new ArgumentException($"Only one statement is run at a time; there is more: {rest}", nameof(sql));
        }

        _parameters =
        [
            .. Enumerable.Range(1, raw.sqlite3_bind_parameter_count(_statement))
                .Select(number => raw.sqlite3_bind_parameter_name(_statement, number).utf8_to_string()[1..]),
        ];
    }

    /// <returns>How many rows it changed.</returns>
    public int Run(object row)
    {
        Bind(row);
        try
        {
            while (Step())
            {
                // A statement takes effect when it has come to its end.
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    /// <returns>The first column of its first row; null when there is none.</returns>
    public object? Read(object row)
    {
        Bind(row);
        try
        {
            var found = Step() ? Column() : null;
            while (Step())
            {
                // As in Run.
            }

            return found;
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private object? Column() => raw.sqlite3_column_type(_statement, 0) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(_statement, 0),
        raw.SQLITE_TEXT => raw.sqlite3_column_text(_statement, 0).utf8_to_string(),
        raw.SQLITE_NULL => null,
        var type => throw new NotSupportedException($"A column of SQLite's type {type} is read by Dapper, not here."),
    };

    private bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(result);
        }

        return result == raw.SQLITE_ROW;
    }

    private void Bind(object row)
    {
        var columns = RowColumns.Of(row.GetType());
        for (var i = 0; i < _parameters.Length; i++)
        {
            Check(Bind(i + 1, ColumnTypes.InSqlite(columns[_parameters[i]].Read(row))));
        }
    }

    private int Bind(int number, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, number),
        string text => BindText(number, text),
        long integer => raw.sqlite3_bind_int64(_statement, number, integer),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, number, bytes),
        _ => throw new NotSupportedException($"No column holds a {value.GetType()}."),
    };

    private int BindText(int number, string text)
    {
        // SQLite copies it.
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return raw.sqlite3_bind_text(_statement, number, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
