using System.Data.Common;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>A statement on its way to the server, and who waits for it.</summary>
/// <param name="command">What is run.</param>
/// <param name="tenant">Whose rows it may see; null for none.</param>
/// <param name="read">Takes the rows that it gives, while they can be read; null when it gives none.</param>
internal sealed class PipelinedStatement(NpgsqlBatchCommand command, string? tenant, Func<DbDataReader, ValueTask>? read)
{
    // Who waits goes on at once, on this thread: its next statement is to leave with those of the others.
    private readonly TaskCompletionSource _done = new();

    public NpgsqlBatchCommand Command { get; } = command;

    public string? Tenant { get; } = tenant;

    public Func<DbDataReader, ValueTask>? Read { get; } = read;

    public Task Completion => _done.Task;

    public void Complete() => _done.SetResult();

    public void Fail(Exception fault) => _done.SetException(fault);
}
