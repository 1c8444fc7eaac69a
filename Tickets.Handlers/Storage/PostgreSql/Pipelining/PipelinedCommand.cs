using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>
/// A statement of one unit, as Dapper makes and runs it. What is run by <c>ExecuteNonQueryAsync</c> must give no rows, and
/// what is run by the others must: so the answers of a whole batch are told apart.
/// </summary>
internal sealed class PipelinedCommand(DbConnection connection, Pipeline pipeline, string? tenant) : DbCommand
{
    private const string OnlyAsync = "A unit's statements are sent together with those of others: await them.";

    private readonly NpgsqlBatchCommand _command = new();

    [AllowNull]
    public override string CommandText
    {
        get => _command.CommandText;
        set => _command.CommandText = value ?? string.Empty;
    }

    // The session's statement_timeout is the limit.
    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbTransaction? DbTransaction { get; set; }

    protected override DbParameterCollection DbParameterCollection => _command.Parameters;

    public override void Cancel()
    {
        // A group is committed or not, whoever has stopped waiting for it.
    }

    public override void Prepare()
    {
        // The connection prepares by itself what it meets again.
    }

    public override int ExecuteNonQuery() => throw new NotSupportedException(OnlyAsync);

    public override object? ExecuteScalar() => throw new NotSupportedException(OnlyAsync);

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        await pipeline.RunAsync(new PipelinedStatement(_command, tenant, read: null)).ConfigureAwait(false);
        return (int)_command.RecordsAffected;
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        object? found = null;
        await pipeline.RunAsync(new PipelinedStatement(_command, tenant, async reader =>
        {
            found = await reader.ReadAsync(CancellationToken.None) ? reader.GetValue(0) : null;
        })).ConfigureAwait(false);
        return found;
    }

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException(OnlyAsync);

    // The rows are kept: the connection goes on to the next statement's.
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        var rows = new DataTable();
        await pipeline.RunAsync(new PipelinedStatement(_command, tenant, async reader =>
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                rows.Columns.Add(reader.GetName(i), reader.GetFieldType(i));
            }

            var values = new object[reader.FieldCount];
            while (await reader.ReadAsync(CancellationToken.None))
            {
                reader.GetValues(values);
                rows.Rows.Add(values);
            }
        })).ConfigureAwait(false);
        return rows.CreateDataReader();
    }

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    protected override void Dispose(bool disposing)
    {
        // Nothing is held.
    }
}
