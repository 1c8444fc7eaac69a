using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>
/// The writer's connection: a command made by <see cref="DbConnection.CreateCommand"/>, as Dapper does, finds its
/// statement compiled when the same text ran before. One caller at a time.
/// </summary>
internal sealed class CachingConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly StatementCache _statements = new();

    public override void Close()
    {
        _statements.Clear();
        base.Close();
    }

    protected override DbCommand CreateDbCommand() => new CachedCommand(this, _statements);
}
