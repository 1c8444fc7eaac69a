using Dapper;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.ScheduledMessageManagement;

namespace Tickets.Tests.Storage;

public sealed class InboxTests : IAsyncDisposable
{
    private const int ThisNode = 1;
    private readonly StoreFixture _fixture = new();

    private IMessageStore Store => _fixture.Store;

    [Fact]
    public async Task a_batch_with_repeats_names_them_and_stores_none()
    {
        var known = StoreFixture.Message();
        await Store.Inbox.StoreIncomingAsync(known);
        var fresh = StoreFixture.Message();

        var fault = await Should.ThrowAsync<DuplicateIncomingEnvelopeException>(() => Store.Inbox.StoreIncomingAsync([fresh, known]));

        fault.Duplicates.ShouldHaveSingleItem().Id.ShouldBe(known.Id);
        (await Store.Inbox.ExistsAsync(fresh, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task a_message_handled_at_one_address_still_waits_at_another()
    {
        var here = StoreFixture.Message();
        var there = StoreFixture.Message(destination: new Uri("local://elsewhere"));
        there.Id = here.Id;
        await Store.Inbox.StoreIncomingAsync([here, there]);

        await Store.Inbox.MarkIncomingEnvelopeAsHandledAsync(here);

        (await Store.Inbox.IsHandledAsync(here, default)).ShouldBeTrue();
        (await Store.Inbox.IsHandledAsync(there, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task a_free_message_is_claimed_once()
    {
        await Store.Inbox.StoreIncomingAsync(StoreFixture.Message());
        var page = await Store.LoadPageOfGloballyOwnedIncomingAsync(StoreFixture.Queue, 10);

        (await Store.TryClaimIncomingAsync(ThisNode, page)).ShouldHaveSingleItem().OwnerId.ShouldBe(ThisNode);
        (await Store.TryClaimIncomingAsync(ThisNode + 1, page)).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_is_handled_keeps_its_identity_but_no_body()
    {
        var handled = StoreFixture.Message(EnvelopeStatus.Handled);
        handled.KeepUntil = _fixture.Clock.GetUtcNow().AddMinutes(5);

        await Store.Inbox.StoreIncomingAsync(handled);

        var stored = (await Store.Admin.AllIncomingAsync()).ShouldHaveSingleItem();
        stored.Id.ShouldBe(handled.Id);
        stored.KeepUntil.ShouldBe(handled.KeepUntil);
        await using var reader = _fixture.Database.OpenReader();
        (await reader.ExecuteScalarAsync<int>("SELECT length(body) FROM incoming_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task cancelling_for_a_saga_that_has_nothing_scheduled_cancels_nothing()
    {
        await ScheduleAsync("saga-1");

        await Store.ScheduledMessages.CancelAsync(new ScheduledMessageQuery { SagaId = "saga-2" }, default);
        (await Store.Admin.FetchCountsAsync()).Scheduled.ShouldBe(1);

        await Store.ScheduledMessages.CancelAsync(new ScheduledMessageQuery { SagaId = "saga-1" }, default);
        (await Store.Admin.FetchCountsAsync()).Scheduled.ShouldBe(0);
    }

    [Fact]
    public async Task scheduled_messages_are_paged_counted_and_summarised()
    {
        for (var i = 0; i < 5; i++)
        {
            await ScheduleAsync($"saga-{i}");
        }

        _fixture.Clock.Advance(TimeSpan.FromHours(2));
        var page = await Store.ScheduledMessages.QueryAsync(new ScheduledMessageQuery { PageNumber = 2, PageSize = 3 }, default);
        var all = await Store.ScheduledMessages.QueryAsync(new ScheduledMessageQuery { PageSize = 0 }, default);

        page.TotalCount.ShouldBe(5);
        page.Messages.Count.ShouldBe(2);
        all.Messages.Count.ShouldBe(5);
        (await Store.Admin.FetchCountsAsync()).ScheduledDue.ShouldBe(5);
        (await Store.ScheduledMessages.SummarizeAsync("svc", default)).ShouldHaveSingleItem().Count.ShouldBe(5);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private Task ScheduleAsync(string saga)
    {
        var message = StoreFixture.Message(EnvelopeStatus.Scheduled);
        message.SagaId = saga;
        message.ScheduledTime = _fixture.Clock.GetUtcNow().AddHours(1);
        return Store.Inbox.StoreIncomingAsync(message);
    }
}
