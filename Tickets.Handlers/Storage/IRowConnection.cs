namespace Tickets.Handlers.Storage;

/// <summary>A writer's connection that takes the values of a statement as rows, for <see cref="Statements"/>.</summary>
internal interface IRowConnection
{
    /// <returns>How many rows it changed.</returns>
    ValueTask<int> RunAsync(string sql, object row);

    /// <summary>Runs it for each row before the unit is committed, at once or together with what else is to be written.</summary>
    ValueTask AddAsync(string sql, IReadOnlyList<object> rows);

    /// <summary>Runs it where the schema has no trigger that writes what follows from a row that was added.</summary>
    ValueTask FollowAsync(string sql, object row);

    /// <returns>The first column of its first row; null when there is none.</returns>
    ValueTask<object?> ReadAsync(string sql, object row);

    /// <returns>The tenant's next number.</returns>
    ValueTask<long> NextAsync(Counter counter, string tenant);
}
