using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Handlers.Storage.Sqlite.Messages;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.DeadLetterManagement;
using Wolverine.Persistence.Durability.ScheduledMessageManagement;

namespace Tickets.Tests.Storage;

public sealed class MessageStoreTests : IAsyncDisposable
{
    private const int ThisNode = 1;
    private static readonly Uri Destination = new("nats://subject/ticket.events");
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly GroupCommitter _committer;
    private readonly SqliteMessageStore _store;

    public MessageStoreTests()
    {
        _database = new SqliteDatabase(_folder.File("test.db"));
        var migrator = new SqliteMigrator(_database);
        migrator.MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        _committer = new GroupCommitter(_database, NullLogger<GroupCommitter>.Instance);
        _store = new SqliteMessageStore(_database, _committer, migrator, new WolverineOptions(), TimeProvider.System);
    }

    [Fact]
    public async Task an_outgoing_message_comes_back_with_all_that_it_had()
    {
        var envelope = Message();
        envelope.TenantId = "acme";
        envelope.CorrelationId = "c-1";
        envelope.ParentId = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        envelope.Headers["ce-subject"] = "42";

        await _store.Outbox.StoreOutgoingAsync(envelope, ownerId: 0);
        var loaded = (await _store.Outbox.LoadOutgoingAsync(Destination)).ShouldHaveSingleItem();

        loaded.ShouldSatisfyAllConditions(
            e => e.Id.ShouldBe(envelope.Id),
            e => e.Data.ShouldBe(envelope.Data),
            e => e.MessageType.ShouldBe(envelope.MessageType),
            e => e.Destination.ShouldBe(Destination),
            e => e.TenantId.ShouldBe("acme"),
            e => e.CorrelationId.ShouldBe("c-1"),
            e => e.ParentId.ShouldBe(envelope.ParentId),
            e => e.Headers["ce-subject"].ShouldBe("42"));
    }

    [Fact]
    public async Task what_a_node_owns_is_loaded_by_nobody_until_it_is_released()
    {
        await _store.Outbox.StoreOutgoingAsync([Message(), Message()], ThisNode);
        (await _store.Outbox.LoadOutgoingAsync(Destination)).ShouldBeEmpty();

        await _store.Admin.ReleaseAllOwnershipAsync();

        (await _store.Outbox.LoadOutgoingAsync(Destination)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task what_was_sent_is_deleted_in_one_go_and_what_is_left_changes_hands()
    {
        var messages = Enumerable.Range(0, 10).Select(_ => Message()).ToArray();
        await _store.Outbox.StoreOutgoingAsync(messages, ownerId: 0);

        await _store.Outbox.DeleteOutgoingAsync(messages[..4]);
        await _store.Outbox.DiscardAndReassignOutgoingAsync([messages[4]], [messages[5]], ThisNode);

        (await _store.Outbox.LoadOutgoingAsync(Destination)).Select(e => e.Id).ShouldBe(messages[6..].Select(e => e.Id), ignoreOrder: true);
        (await _store.Admin.FetchCountsAsync()).Outgoing.ShouldBe(5);
    }

    [Fact]
    public async Task an_incoming_message_is_stored_once()
    {
        var envelope = Message(EnvelopeStatus.Incoming);
        await _store.Inbox.StoreIncomingAsync(envelope);

        await Should.ThrowAsync<DuplicateIncomingEnvelopeException>(() => _store.Inbox.StoreIncomingAsync(envelope));

        (await _store.Inbox.ExistsAsync(envelope, default)).ShouldBeTrue();
        (await _store.Inbox.IsHandledAsync(envelope, default)).ShouldBeFalse();
        await _store.Inbox.MarkIncomingEnvelopeAsHandledAsync(envelope);
        (await _store.Inbox.IsHandledAsync(envelope, default)).ShouldBeTrue();
        (await _store.Admin.FetchCountsAsync()).Handled.ShouldBe(1);
    }

    [Fact]
    public async Task a_scheduled_message_is_shown_moved_and_cancelled()
    {
        var envelope = Message(EnvelopeStatus.Scheduled);
        envelope.ScheduledTime = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await _store.Inbox.StoreIncomingAsync(envelope);

        var later = envelope.ScheduledTime.Value.AddDays(1);
        await _store.ScheduledMessages.RescheduleAsync(envelope.Id, later, default);

        var shown = (await _store.ScheduledMessages.QueryAsync(new ScheduledMessageQuery(), default)).Messages.ShouldHaveSingleItem();
        shown.Id.ShouldBe(envelope.Id);
        shown.ScheduledTime.ShouldBe(later);
        await _store.ScheduledMessages.CancelAsync(new ScheduledMessageQuery { MessageIds = [envelope.Id] }, default);
        (await _store.Admin.FetchCountsAsync()).Scheduled.ShouldBe(0);
    }

    [Fact]
    public async Task a_dead_letter_is_found_replayed_and_discarded()
    {
        var replayed = Message(EnvelopeStatus.Incoming);
        var discarded = Message(EnvelopeStatus.Incoming);
        await _store.Inbox.StoreIncomingAsync([replayed, discarded]);
        await _store.Inbox.MoveToDeadLetterStorageAsync(replayed, new InvalidOperationException("no"));
        await _store.Inbox.MoveToDeadLetterStorageAsync(discarded, new TimeoutException("slow"));
        (await _store.Admin.FetchCountsAsync()).Incoming.ShouldBe(0);

        var found = await _store.DeadLetters.QueryAsync(
            new DeadLetterEnvelopeQuery { PageNumber = 1, ExceptionType = typeof(InvalidOperationException).FullName }, default);
        await _store.DeadLetters.DiscardAsync(new DeadLetterEnvelopeQuery([discarded.Id]), default);
        await _store.DeadLetters.ReplayAsync(new DeadLetterEnvelopeQuery([replayed.Id]), default);

        found.Envelopes.ShouldHaveSingleItem().ExceptionMessage.ShouldBe("no");
        (await _store.DeadLetters.DeadLetterEnvelopeByIdAsync(replayed.Id))!.Replayable.ShouldBeTrue();
        (await _store.DeadLetters.DeadLetterEnvelopeByIdAsync(discarded.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task a_disposed_store_throws()
    {
        await _store.DisposeAsync();

        _store.HasDisposed.ShouldBeTrue();
        await Should.ThrowAsync<ObjectDisposedException>(() => _store.Outbox.StoreOutgoingAsync(Message(), ThisNode));
        await Should.ThrowAsync<ObjectDisposedException>(() => _store.Outbox.LoadOutgoingAsync(Destination));
    }

    [Fact]
    public void finding_messages_that_nobody_owns_uses_an_index()
    {
        using var reader = _database.OpenReader();

        var plan = string.Join(' ', reader.Query("EXPLAIN QUERY PLAN SELECT DISTINCT destination FROM outgoing_messages WHERE owner_id = 0").Select(row => (string)row.detail));

        plan.ShouldContain("outgoing_messages_by_owner");
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _committer.DisposeAsync();
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static Envelope Message(EnvelopeStatus status = EnvelopeStatus.Outgoing) => new()
    {
        Id = Guid.CreateVersion7(),
        Data = [1, 2, 3],
        MessageType = "some.message",
        ContentType = "application/json",
        Destination = Destination,
        Status = status,
    };
}
