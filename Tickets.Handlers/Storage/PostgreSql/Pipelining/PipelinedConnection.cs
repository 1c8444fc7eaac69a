using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>The connection as one unit sees it: its statements go through the pipeline that it shares with others.</summary>
internal sealed class PipelinedConnection(Pipeline pipeline, string? tenant) : DbConnection, IRowConnection
{
    private const string Shared = "The transaction is shared by many units; only the committer begins and ends it.";

    private static readonly ConcurrentDictionary<(string Sql, Type Row), BatchedStatement?> Statements = [];
    private static readonly ConcurrentDictionary<Counter, BatchedStatement> Counters = [];

    private readonly List<Task> _added = [];

    [AllowNull]
    public override string ConnectionString { get; set; } = string.Empty;

    public override string Database => string.Empty;

    public override string DataSource => string.Empty;

    public override string ServerVersion => string.Empty;

    public override ConnectionState State => ConnectionState.Open;

    public async ValueTask<int> RunAsync(string sql, object row) => StatementOf(sql, row) is { } form
        ? (int)(await pipeline.RunAsync(new RowStatement(form, [row], tenant)))!
        : await this.ExecuteAsync(sql, row);

    public ValueTask AddAsync(string sql, IReadOnlyList<object> rows)
    {
        _added.Add(StatementOf(sql, rows[0]) is { } form ? pipeline.RunAsync(new RowStatement(form, rows, tenant)) : this.ExecuteAsync(sql, rows));
        return ValueTask.CompletedTask;
    }

    public ValueTask FollowAsync(string sql, object row) => ValueTask.CompletedTask;

    /// <summary>Returns when all that was added has run.</summary>
    /// <exception cref="PostgresException">Some of it was refused.</exception>
    public Task AddedAsync() => Task.WhenAll(_added);

    public async ValueTask<object?> ReadAsync(string sql, object row) => StatementOf(sql, row) is { } form
        ? await pipeline.RunAsync(new RowStatement(form, [row], tenant))
        : await this.ExecuteScalarAsync(sql, row);

    public async ValueTask<long> NextAsync(Counter counter, string tenant) =>
        (long)(await pipeline.RunAsync(new RowStatement(Counters.GetOrAdd(counter, static counter => new CounterStatement(counter)), [tenant], tenant)))!;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException(Shared);

    public override void Open() => throw new NotSupportedException(Shared);

    public override void Close() => throw new NotSupportedException(Shared);

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException(Shared);

    protected override DbCommand CreateDbCommand() => new PipelinedCommand(this, pipeline, tenant);

    private static BatchedStatement? StatementOf(string sql, object row) =>
        Statements.GetOrAdd((sql, row.GetType()), static key => ArrayStatement.Of(key.Sql, key.Row));
}
