using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Handlers.Storage.Sqlite.Messages;
using Wolverine;

namespace Tickets.Tests.Storage;

/// <summary>A message store on a database of its own.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    public static readonly Uri Queue = new("local://work");
    private readonly TemporaryFolder _folder = new();

    public StoreFixture()
    {
        Database = new SqliteDatabase(_folder.File("test.db"));
        var migrator = new SqliteMigrator(Database);
        migrator.MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        Committer = new GroupCommitter(Database, NullLogger<GroupCommitter>.Instance);
        Store = new SqliteMessageStore(Database, Committer, migrator, new WolverineOptions(), Clock);
    }

    public SteppedClock Clock { get; } = new();

    public SqliteDatabase Database { get; }

    public GroupCommitter Committer { get; }

    public SqliteMessageStore Store { get; }

    public static Envelope Message(EnvelopeStatus status = EnvelopeStatus.Incoming, Uri? destination = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Data = [1, 2, 3],
        MessageType = "some.message",
        ContentType = "application/json",
        Destination = destination ?? Queue,
        Status = status,
    };

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Committer.DisposeAsync();
        Database.Dispose();
        _folder.Dispose();
    }
}
