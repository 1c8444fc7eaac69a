using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using NatsServers;
using Npgsql;

namespace Tickets.Faults.Systems;

/// <summary>The database of a run, seen from beside the service.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>As the service is told it.</summary>
    public abstract string Url { get; }

    /// <summary>The table of the outbox.</summary>
    protected abstract string Outbox { get; }

    /// <summary>A connection that sees everything.</summary>
    public abstract Task<DbConnection> OpenAsync();

    /// <summary>How many messages are still to be sent.</summary>
    public async Task<long> OutboxAsync()
    {
        await using var connection = await OpenAsync();
        return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {Outbox}");
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>A file.</summary>
    /// <param name="disk">On which disk; null for the system's.</param>
    public sealed class Sqlite(SmallDisk? disk) : TestDatabase
    {
        private readonly TemporaryFolder _folder = new(disk?.Path);

        /// <summary>The file.</summary>
        public string File => _folder.File("tickets.db");

        /// <inheritdoc/>
        public override string Url => $"sqlite:{File}";

        /// <inheritdoc/>
        protected override string Outbox => "outgoing_messages";

        /// <inheritdoc/>
        public override Task<DbConnection> OpenAsync() => OpenAsync(SqliteOpenMode.ReadOnly);

        /// <summary>A connection that may write, as another process would.</summary>
        public Task<DbConnection> OpenWriterAsync() => OpenAsync(SqliteOpenMode.ReadWrite);

        /// <inheritdoc/>
        public override ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<DbConnection> OpenAsync(SqliteOpenMode mode)
        {
            var connection = new SqliteConnection($"Data Source={File};Mode={mode};Pooling=false;Default Timeout=30");
            await connection.OpenAsync();
            return connection;
        }
    }

    /// <summary>A server with one database.</summary>
    /// <param name="server">The server; it ends with this.</param>
    /// <param name="name">The database.</param>
    /// <param name="proxy">What stands before it; null for nothing.</param>
    public sealed class PostgreSql(PostgreSqlServer server, string name, CommitProxy? proxy) : TestDatabase
    {
        /// <summary>What stands before it; null for nothing.</summary>
        public CommitProxy? Proxy => proxy;

        /// <summary>The server.</summary>
        public PostgreSqlServer Server => server;

        /// <inheritdoc/>
        public override string Url => proxy is null ? server.UrlOf(name) : $"postgres://postgres@127.0.0.1:{proxy.Port}/{name}";

        /// <inheritdoc/>
        protected override string Outbox => "wolverine.wolverine_outgoing_envelopes";

        /// <inheritdoc/>
        public override async Task<DbConnection> OpenAsync()
        {
            var connection = new NpgsqlConnection($"{server.ConnectionStringOf(name)};Search Path=tickets;Pooling=false");
            await connection.OpenAsync();
            return connection;
        }

        /// <inheritdoc/>
        public override async ValueTask DisposeAsync()
        {
            await (proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
            await server.DisposeAsync();
        }
    }
}
