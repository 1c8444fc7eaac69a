using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Compiled statements by their text. Compiling costs more than running a small insert does.</summary>
internal sealed class StatementCache
{
    // Statements with generated conditions come and go; the cache must not keep each of them.
    private const int Most = 128;

    private readonly Dictionary<string, SqliteCommand> _idle = new(StringComparer.Ordinal);

    public SqliteCommand Take(SqliteConnection connection, string sql)
    {
        if (_idle.Remove(sql, out var command))
        {
            return command;
        }

        command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is the caller's own; it is only passed on.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    public void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (_idle.Count >= Most || !_idle.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    public void Clear()
    {
        foreach (var command in _idle.Values)
        {
            command.Dispose();
        }

        _idle.Clear();
    }
}
