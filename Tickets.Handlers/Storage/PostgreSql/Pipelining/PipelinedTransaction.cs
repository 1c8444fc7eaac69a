using System.Data;
using System.Data.Common;

namespace Tickets.Handlers.Storage.PostgreSql.Pipelining;

/// <summary>The shared transaction as one unit sees it. It ends when the units have, not by their word.</summary>
internal sealed class PipelinedTransaction(PipelinedConnection connection) : DbTransaction
{
    public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => throw new NotSupportedException("The committer commits.");

    public override void Rollback() => throw new NotSupportedException("A unit that throws is undone.");
}
