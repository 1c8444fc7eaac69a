using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Borrows a compiled statement from when its text is set until it is disposed.</summary>
internal sealed class CachedCommand(SqliteConnection connection, StatementCache statements) : DbCommand
{
    private SqliteCommand? _borrowed;
    private bool _failed;

    [AllowNull]
    public override string CommandText
    {
        get => _borrowed?.CommandText ?? string.Empty;
        set
        {
            GiveBack();
            _borrowed = statements.Take(connection, value ?? string.Empty);
        }
    }

    // The wait for a lock is the connection's; the statement is given back with what it came with.
    public override int CommandTimeout { get; set; } = connection.DefaultTimeout;

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbTransaction? DbTransaction { get; set; }

    protected override DbParameterCollection DbParameterCollection => Borrowed.Parameters;

    private SqliteCommand Borrowed => _borrowed ?? throw new InvalidOperationException("The command has no text yet.");

    public override void Cancel()
    {
        // SQLite runs a statement on the caller's thread: there is none to cancel.
    }

    public override void Prepare()
    {
        // Compiled at the first run, and kept.
    }

    public override int ExecuteNonQuery() => Run(static command => command.ExecuteNonQuery());

    public override object? ExecuteScalar() => Run(static command => command.ExecuteScalar());

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Run(command => command.ExecuteReader(behavior));

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private T Run<T>(Func<SqliteCommand, T> run)
    {
        Borrowed.Transaction = (SqliteTransaction?)DbTransaction;
        _failed = true;
        var result = run(Borrowed);
        _failed = false;
        return result;
    }

    private void GiveBack()
    {
        if (_borrowed is null)
        {
            return;
        }

        // A statement that failed may be in any state.
        if (_failed)
        {
            _borrowed.Dispose();
        }
        else
        {
            statements.GiveBack(_borrowed);
        }

        _borrowed = null;
    }
}
