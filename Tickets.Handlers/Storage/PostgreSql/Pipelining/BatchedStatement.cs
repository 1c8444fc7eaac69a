using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>A statement over one row of values, as it is written for many rows at once.</summary>
internal abstract class BatchedStatement
{
    /// <summary>Whether it gives values; else it changes rows.</summary>
    public abstract bool Reads { get; }

    /// <summary>The statement with these rows.</summary>
    public abstract NpgsqlBatchCommand CommandFor(IReadOnlyList<object> rows);

    /// <summary>What a row gets of the values that came for all of them.</summary>
    /// <param name="found">The first column, in the order in which it came.</param>
    /// <param name="row">Which row, from 0.</param>
    /// <param name="rows">How many there are.</param>
    public abstract object? ValueOf(IReadOnlyList<object?> found, int row, int rows);
}
