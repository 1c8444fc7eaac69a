using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>
/// The writer's connection. It keeps its statements compiled and their parameters numbered; the driver's own commands, which
/// make both anew at each run, cost more than the writes themselves. One caller at a time.
/// </summary>
internal sealed class SqliteWriter(string connectionString) : SqliteConnection(connectionString)
{
    // Statements with generated conditions come and go; not each of them is to be kept.
    private const int Most = 128;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public int Run(string sql, object row) => Of(sql).Run(row);

    /// <returns>The first column of its first row, a <see cref="long"/> or a <see cref="string"/>; null when there is none.</returns>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public object? Read(string sql, object row) => Of(sql).Read(row);

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
