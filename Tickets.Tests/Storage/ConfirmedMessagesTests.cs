using System.Data.Common;
using Microsoft.Data.Sqlite;
using NatsServers;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Tests.Fixtures;
using Wolverine;

namespace Tickets.Tests.Storage;

public sealed class ConfirmedMessagesTests : IAsyncDisposable
{
    private const int ThisNode = 1;
    private const int InputOutput = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly Uri Destination = new("nats://subject/ticket.events");
    private readonly StoreFixture _fixture = new();

    [Fact]
    public async Task those_whose_deletion_failed_before_it_began_go_with_the_next()
    {
        LogLines<ConfirmedMessages> log = [];
        var confirmed = new ConfirmedMessages(_fixture.Committer, new SqliteOutgoingMessages(_fixture.Database, _fixture.Clock), log);
        var (first, second) = (await StoreAsync(), await StoreAsync());
        var away = $"{_fixture.Database.Path}.away";

        // The writer opens the file anew, and what it finds is no database.
        await Should.ThrowAsync<SqliteException>(() => _fixture.Committer.CommitAsync(new Breaking(_fixture.Database.Path, away), CancellationToken.None));
        confirmed.Delete([first]);
        await Eventually.Async(() => !log.IsEmpty, Limit, "it has failed");
        File.Move(away, _fixture.Database.Path, overwrite: true);
        confirmed.Delete([second]);

        await Eventually.Async(() => _fixture.Store.Admin.FetchCountsAsync(), counts => counts.Outgoing == 0, Limit, "both are gone");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private async Task<Guid> StoreAsync()
    {
        var message = StoreFixture.Message(EnvelopeStatus.Outgoing, Destination);
        await _fixture.Store.Outbox.StoreOutgoingAsync(message, ThisNode);
        return message.Id;
    }

    private sealed class Breaking(string file, string away) : IUnitOfWork
    {
        public string? Tenant => null;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            File.Move(file, away);
            await File.WriteAllTextAsync(file, "This is no database, and long enough to have had a header, as one would have it of a hundred bytes or more.", cancellation);
            throw new SqliteException("disk I/O error", InputOutput);
        }
    }
}
