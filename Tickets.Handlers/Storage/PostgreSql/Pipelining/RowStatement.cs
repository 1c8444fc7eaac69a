namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>The rows that one unit gives a statement, which may leave together with those of others.</summary>
internal sealed class RowStatement(BatchedStatement form, IReadOnlyList<object> rows, string? tenant)
{
    // As in PipelinedStatement: who waits goes on at once.
    private readonly TaskCompletionSource<object?> _done = new();

    public BatchedStatement Form { get; } = form;

    public IReadOnlyList<object> Rows { get; } = rows;

    public string? Tenant { get; } = tenant;

    /// <summary>The value of the only row, or how many rows were changed.</summary>
    public Task<object?> Completion => _done.Task;

    public void Complete(object? result) => _done.SetResult(result);

    public void Fail(Exception fault) => _done.SetException(fault);
}
