using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Storage;

/// <summary>A database of its own, with its committer.</summary>
public sealed class TestStorage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private TestStorage(Database database, TemporaryFolder folder)
    {
        _folder = folder;
        Database = database;
        Committer = new GroupCommitter(database, NullLogger<GroupCommitter>.Instance);
    }

    public SteppedClock Clock { get; } = new();

    public Database Database { get; }

    public GroupCommitter Committer { get; }

    public static async Task<TestStorage> CreateAsync(StorageKind kind)
    {
        if (kind == StorageKind.PostgreSql)
        {
            return On(await SharedPostgreSql.NewDatabaseAsync());
        }

        var folder = new TemporaryFolder();
        var database = new SqliteDatabase(folder.File("test.db"));
        await new SqliteMigrator(database).MigrateAsync(CancellationToken.None);
        return new TestStorage(database, folder);
    }

    /// <summary>On a PostgreSQL database that has its tables.</summary>
    public static TestStorage On(string url) =>
        new(new PostgreSqlDatabase(((StorageTarget.PostgreSql)StorageTarget.Parse(url)).ConnectionString), new TemporaryFolder());

    /// <summary>On the same PostgreSQL database, as another process.</summary>
    public static TestStorage Beside(TestStorage first) =>
        new(new PostgreSqlDatabase(((PostgreSqlDatabase)first.Database).ConnectionString), new TemporaryFolder());

    /// <summary>Runs a query as a tenant.</summary>
    public async Task<T?> ScalarAsync<T>(string tenant, string sql)
    {
        await using var reader = await Database.OpenReaderAsync(tenant, CancellationToken.None);
        return await reader.ExecuteScalarAsync<T>(sql);
    }

    /// <summary>Writes as a tenant.</summary>
    public Task WriteAsync(string? tenant, Func<DbTransaction, CancellationToken, ValueTask> write) =>
        Committer.CommitAsync(new Unit(tenant, write), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Committer.DisposeAsync();
        Database.Dispose();
        _folder.Dispose();
    }

    private sealed class Unit(string? tenant, Func<DbTransaction, CancellationToken, ValueTask> write) : IUnitOfWork
    {
        public string? Tenant => tenant;

        public ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) => write(transaction, cancellation);
    }
}
