using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.DeadLetterManagement;
using Wolverine.Persistence.Durability.ScheduledMessageManagement;

namespace Tickets.Tests.Storage;

public sealed class OutboxTests : IAsyncDisposable
{
    private const int ThisNode = 1;
    private static readonly Uri Destination = new("nats://subject/ticket.events");
    private readonly StoreFixture _fixture = new();

    private IMessageStore Store => _fixture.Store;

    [Fact]
    public async Task a_message_keeps_its_age_when_it_changes_hands()
    {
        var stored = _fixture.Clock.GetUtcNow();
        var message = StoreFixture.Message(EnvelopeStatus.Outgoing, Destination);
        await Store.Outbox.StoreOutgoingAsync(message, ThisNode);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(10));
        await Store.Outbox.DiscardAndReassignOutgoingAsync([], [message], ThisNode);

        (await Store.Admin.FetchCountsAsync()).OldestOutgoing.ShouldBe(stored);
    }

    [Fact]
    public async Task the_oldest_message_is_loaded_first()
    {
        var older = StoreFixture.Message(EnvelopeStatus.Outgoing, Destination);
        older.Id = Guid.AllBitsSet;
        await Store.Outbox.StoreOutgoingAsync(older, ownerId: 0);
        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Store.Outbox.StoreOutgoingAsync(StoreFixture.Message(EnvelopeStatus.Outgoing, Destination), ownerId: 0);

        (await Store.Outbox.LoadOutgoingAsync(Destination))[0].Id.ShouldBe(older.Id);
    }

    [Fact]
    public async Task nothing_of_a_disposed_store_answers()
    {
        var message = StoreFixture.Message();
        await _fixture.Store.DisposeAsync();

        Func<Task>[] calls =
        [
            () => Store.Outbox.DeleteOutgoingAsync(message),
            () => Store.Outbox.DeleteOutgoingAsync([message]),
            () => Store.Outbox.DiscardAndReassignOutgoingAsync([], [message], ThisNode),
            () => Store.Inbox.StoreIncomingAsync(message),
            () => Store.Inbox.ExistsAsync(message, default),
            () => Store.Inbox.MarkIncomingEnvelopeAsHandledAsync(message),
            () => Store.Inbox.MoveToDeadLetterStorageAsync(message, null),
            () => Store.LoadPageOfGloballyOwnedIncomingAsync(StoreFixture.Queue, 1),
            () => Store.TryClaimIncomingAsync(ThisNode, [message]),
            () => Store.DeadLetters.QueryAsync(new DeadLetterEnvelopeQuery(), default),
            () => Store.ScheduledMessages.QueryAsync(new ScheduledMessageQuery(), default),
            () => Store.Admin.FetchCountsAsync(),
            () => Store.Admin.MigrateAsync(),
            () => Store.Admin.AssertStorageExistsAsync(default),
            () => Store.Admin.CheckConnectivityAsync(default),
        ];
        foreach (var call in calls)
        {
            await Should.ThrowAsync<ObjectDisposedException>(call);
        }
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
