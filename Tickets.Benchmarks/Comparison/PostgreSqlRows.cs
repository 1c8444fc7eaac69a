using Npgsql;

namespace Tickets.Benchmarks.Comparison;

/// <summary>A pool of connections; a group is three statements over arrays and a delete, in one round trip.</summary>
internal sealed class PostgreSqlRows : IBareRows
{
    private const string Ticket =
        "INSERT INTO tickets SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])";

    private const string Ledger = "INSERT INTO ledger SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[])";
    private const string Outgoing = "INSERT INTO outgoing SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])";
    private const string Delete = "DELETE FROM outgoing WHERE id = ANY($1::uuid[])";

    private readonly NpgsqlDataSource _source;

    private PostgreSqlRows(NpgsqlDataSource source) => _source = source;

    public static async Task<PostgreSqlRows> OpenAsync(string connectionString)
    {
        var source = NpgsqlDataSource.Create($"{connectionString};Max Auto Prepare=20;Auto Prepare Min Usages=2");
        await using var command = source.CreateCommand("""
            CREATE TABLE tickets (id uuid PRIMARY KEY, tenant text, title text, description text, priority text, created_at timestamptz);
            CREATE TABLE ledger (command_id uuid PRIMARY KEY, status int, body text);
            CREATE TABLE outgoing (id uuid PRIMARY KEY, subject text, body bytea);
            """);
        await command.ExecuteNonQueryAsync();
        return new PostgreSqlRows(source);
    }

    public async Task WriteAsync(IReadOnlyList<BareTicket> tickets, IReadOnlyList<Guid> sent)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Insert(tickets));
        batch.BatchCommands.Add(Command(
            Ledger, tickets.Select(_ => Guid.NewGuid()).ToArray(), tickets.Select(_ => 201).ToArray(), tickets.Select(ticket => ticket.Json).ToArray()));
        batch.BatchCommands.Add(Command(
            Outgoing,
            tickets.SelectMany(ticket => ticket.Events.Select((_, i) => BareLimit.IdOf(ticket, i))).ToArray(),
            tickets.SelectMany(ticket => ticket.Events.Select(x => x.Subject)).ToArray(),
            tickets.SelectMany(ticket => ticket.Events.Select(x => x.Body)).ToArray()));
        batch.BatchCommands.Add(Command(Delete, sent.ToArray()));
        await batch.ExecuteNonQueryAsync();
    }

    public async Task WriteTicketAsync(BareTicket ticket)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Insert([ticket]));
        await batch.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlBatchCommand Insert(IReadOnlyList<BareTicket> tickets) => Command(
        Ticket,
        tickets.Select(ticket => ticket.Ticket.Id).ToArray(),
        tickets.Select(ticket => ticket.Ticket.Tenant).ToArray(),
        tickets.Select(ticket => ticket.Ticket.Title).ToArray(),
        tickets.Select(ticket => ticket.Ticket.Description).ToArray(),
        tickets.Select(ticket => ticket.Ticket.Priority.ToString()).ToArray(),
        tickets.Select(ticket => ticket.Ticket.CreatedAt.UtcDateTime).ToArray());

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
