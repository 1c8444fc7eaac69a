using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>The connection as one unit sees it: its commands go through the pipeline that it shares with others.</summary>
internal sealed class PipelinedConnection(Pipeline pipeline, string? tenant) : DbConnection
{
    private const string Shared = "The transaction is shared by many units; only the committer begins and ends it.";

    [AllowNull]
    public override string ConnectionString { get; set; } = string.Empty;

    public override string Database => string.Empty;

    public override string DataSource => string.Empty;

    public override string ServerVersion => string.Empty;

    public override ConnectionState State => ConnectionState.Open;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException(Shared);

    public override void Open() => throw new NotSupportedException(Shared);

    public override void Close() => throw new NotSupportedException(Shared);

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException(Shared);

    protected override DbCommand CreateDbCommand() => new PipelinedCommand(this, pipeline, tenant);
}
