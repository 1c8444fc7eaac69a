using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>A counter that is moved once for all who want its next value. A row is the tenant's name.</summary>
internal sealed class CounterStatement(Counter counter) : BatchedStatement
{
    private readonly string _sql = $"{counter.Increase} RETURNING {counter.Column}".Replace("@Tenant", "$1", StringComparison.Ordinal).Replace("@Count", "$2", StringComparison.Ordinal);

    public override bool Reads => true;

    public override NpgsqlBatchCommand CommandFor(IReadOnlyList<object> rows) => new(_sql)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = (string)rows[0] }, new NpgsqlParameter<long> { TypedValue = rows.Count } },
    };

    // The statement returns what the last of them gets.
    public override object? ValueOf(IReadOnlyList<object?> found, int row, int rows) => (long)found[0]! - rows + row + 1;
}
