using Microsoft.Data.Sqlite;

namespace Tickets.Benchmarks.Comparison;

/// <summary>One connection, compiled statements, WAL and synchronous=FULL as the service has them.</summary>
internal sealed class SqliteRows : IBareRows
{
    private readonly SemaphoreSlim _writer = new(1);
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _ticket;
    private readonly SqliteCommand _ledger;
    private readonly SqliteCommand _outgoing;
    private readonly SqliteCommand _delete;

    public SqliteRows(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=false");
        _connection.Open();
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        Run("CREATE TABLE tickets (id TEXT PRIMARY KEY, tenant TEXT, title TEXT, description TEXT, priority TEXT, created_at TEXT) WITHOUT ROWID");
        Run("CREATE TABLE ledger (command_id TEXT PRIMARY KEY, status INTEGER, body TEXT) WITHOUT ROWID");
        Run("CREATE TABLE outgoing (id TEXT PRIMARY KEY, subject TEXT, body BLOB) WITHOUT ROWID");
        _ticket = Prepare("INSERT INTO tickets VALUES (@0, @1, @2, @3, @4, @5)", 6);
        _ledger = Prepare("INSERT INTO ledger VALUES (@0, @1, @2)", 3);
        _outgoing = Prepare("INSERT INTO outgoing VALUES (@0, @1, @2)", 3);
        _delete = Prepare("DELETE FROM outgoing WHERE id = @0", 1);
    }

    public Task WriteAsync(IReadOnlyList<BareTicket> tickets, IReadOnlyList<Guid> sent) => InTransactionAsync(() =>
    {
        foreach (var ticket in tickets)
        {
            Insert(ticket);
            Run(_ledger, Guid.NewGuid().ToString(), 201, ticket.Json);
            for (var i = 0; i < ticket.Events.Count; i++)
            {
                Run(_outgoing, BareLimit.IdOf(ticket, i).ToString(), ticket.Events[i].Subject, ticket.Events[i].Body);
            }
        }

        foreach (var id in sent)
        {
            Run(_delete, id.ToString());
        }
    });

    public Task WriteTicketAsync(BareTicket ticket) => InTransactionAsync(() => Insert(ticket));

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _writer.Dispose();
    }

    private void Insert(BareTicket ticket)
    {
        var row = ticket.Ticket;
        Run(_ticket, row.Id.ToString(), row.Tenant, row.Title, row.Description, row.Priority.ToString(), row.CreatedAt.ToString("O"));
    }

    private async Task InTransactionAsync(Action write)
    {
        await _writer.WaitAsync();
        try
        {
            Run("BEGIN IMMEDIATE");
            write();
            Run("COMMIT");
        }
        finally
        {
            _writer.Release();
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter($"@{i}", null));
        }

        return command;
    }
}
