using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>
/// Sends the statements of many units in one transaction. A round trip carries all that every unit has added and the next
/// statement that it waits for, so a group takes as many of them as its longest unit has such waits. Rows of one tenant for the same
/// statement are merged: of twenty units that each run <c>INSERT INTO audit (tenant, id) VALUES (@Tenant, @Id)</c> comes one
/// <c>INSERT INTO audit (tenant, id) SELECT … FROM unnest($1, $2)</c> with arrays of twenty values.
/// </summary>
/// <param name="transaction">The transaction.</param>
/// <param name="merges">Whether rows of many units for the same statement leave as one.</param>
internal sealed class Pipeline(NpgsqlTransaction transaction, bool merges)
{
    // The role too: not every server begins a session with the one that its options name (see PostgreSqlDatabase.OpenAsync).
    private const string SetTenant =
        $"SELECT set_config('role', '{PostgreSqlDatabase.ApplicationRole}', true), set_config('{PostgreSqlDatabase.TenantSetting}', $1, true)";

    private readonly Lock _gate = new();
    private List<PipelinedStatement> _waiting = [];
    private List<RowStatement> _rows = [];
    private TaskCompletionSource _arrival = NewArrival();
    private string? _tenant;

    /// <summary>Rows failed together, and there is no telling for which unit: run it again without merging any.</summary>
    public bool IsCulpritUnknown { get; private set; }

    /// <summary>Returns when the statement has run.</summary>
    /// <exception cref="PostgresException">It was refused. Nothing of the transaction will be.</exception>
    /// <exception cref="GroupAbortedException">Another one was refused.</exception>
    public Task RunAsync(PipelinedStatement statement)
    {
        lock (_gate)
        {
            _waiting.Add(statement);
            _arrival.TrySetResult();
        }

        return statement.Completion;
    }

    /// <summary>Returns what comes of the rows.</summary>
    /// <exception cref="PostgresException">They were refused. Nothing of the transaction will be.</exception>
    /// <exception cref="GroupAbortedException">Others were refused, or one of those that were sent along.</exception>
    public Task<object?> RunAsync(RowStatement rows)
    {
        lock (_gate)
        {
            _rows.Add(rows);
            _arrival.TrySetResult();
        }

        return rows.Completion;
    }

    /// <summary>Sends what comes until all units have ended.</summary>
    /// <exception cref="NpgsqlException">The server could not be heard, or ended the transaction for a reason of its own.</exception>
    public async Task RunUntilAsync(Task units)
    {
        while (!units.IsCompleted)
        {
            var (statements, rows, arrival) = Take();
            var groups = GroupsOf(rows);

            // Rows first: a unit has not waited for those that it only added.
            statements.InsertRange(0, groups.Select(group => group.Join()));
            if (statements.Count == 0)
            {
                await Task.WhenAny(units, arrival);
            }
            else
            {
                await SendAsync(statements);
                IsCulpritUnknown |= groups.Exists(group => group.IsCulpritUnknown);
            }
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (List<PipelinedStatement> Statements, List<RowStatement> Rows, Task Arrival) Take()
    {
        lock (_gate)
        {
            var (statements, rows) = (_waiting, _rows);
            if (statements.Count + rows.Count > 0)
            {
                (_waiting, _rows) = ([], []);
                _arrival = NewArrival();
            }

            return (statements, rows, _arrival.Task);
        }
    }

    private List<RowGroup> GroupsOf(List<RowStatement> rows) => merges
        ? [.. rows.GroupBy(statement => (statement.Form, statement.Tenant), (_, members) => new RowGroup([.. members]))]
        : rows.ConvertAll(statement => new RowGroup([statement]));

    private async Task SendAsync(List<PipelinedStatement> statements)
    {
        try
        {
            await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
            var answers = Fill(batch, statements);
            await using var reader = await batch.ExecuteReaderAsync();
            foreach (var read in answers)
            {
                if (read is not null)
                {
                    await read(reader);
                }

                await reader.NextResultAsync();
            }
        }
#pragma warning disable CA1031 // Whatever it is, who waits must be told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var isOfOne = Fail(statements, e) && PostgreSqlFaults.IsHeldUp(e);
            if (PostgreSqlFaults.MayPass(e) && !isOfOne)
            {
                throw;
            }

            return;
        }

        foreach (var statement in statements)
        {
            statement.Complete();
        }
    }

    // One entry for each result with rows, in their order; null for one that nobody reads.
    private List<Func<NpgsqlDataReader, ValueTask>?> Fill(NpgsqlBatch batch, List<PipelinedStatement> statements)
    {
        List<Func<NpgsqlDataReader, ValueTask>?> answers = [];
        foreach (var statement in statements)
        {
            if (statement.Tenant is { } tenant && tenant != _tenant)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(SetTenant) { Parameters = { new() { Value = tenant } } });
                answers.Add(null);
                _tenant = tenant;
            }

            batch.BatchCommands.Add(statement.Command);
            if (statement.Read is { } read)
            {
                answers.Add(read.Invoke);
            }
        }

        return answers;
    }

    // Whether it is known whose statement was refused.
    private static bool Fail(List<PipelinedStatement> statements, Exception fault)
    {
        var refused = statements.Find(statement => statement.Command == (fault as PostgresException)?.BatchCommand);
        foreach (var statement in statements)
        {
            statement.Fail(refused is null || statement == refused ? fault : new GroupAbortedException(fault));
        }

        return refused is not null;
    }
}
