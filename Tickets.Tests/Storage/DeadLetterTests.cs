using JasperFx.Core;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Persistence.Durability.DeadLetterManagement;

namespace Tickets.Tests.Storage;

public sealed class DeadLetterTests : IAsyncDisposable
{
    private readonly StoreFixture _fixture = new();

    private IMessageStore Store => _fixture.Store;

    [Fact]
    public async Task dead_letters_are_found_by_their_headers()
    {
        var wanted = await BuryAsync(("tenant", "acme"));
        await BuryAsync(("tenant", "other"));

        var found = await Store.DeadLetters.QueryAsync(new DeadLetterEnvelopeQuery().Header("tenant", "acme"), default);

        found.TotalCount.ShouldBe(1);
        found.Envelopes.ShouldHaveSingleItem().Id.ShouldBe(wanted.Id);
    }

    [Fact]
    public async Task discarding_by_a_header_that_none_has_discards_none()
    {
        await BuryAsync(("tenant", "acme"));

        await Store.DeadLetters.DiscardAsync(new DeadLetterEnvelopeQuery().Header("tenant", "nobody"), default);

        (await Store.Admin.FetchCountsAsync()).DeadLetter.ShouldBe(1);
    }

    [Fact]
    public async Task an_edited_dead_letter_waits_for_its_replay_with_the_new_body()
    {
        var buried = await BuryAsync();

        await Store.DeadLetters.EditAndReplayAsync(buried.Id, [9, 9], default);

        var edited = await Store.DeadLetters.DeadLetterEnvelopeByIdAsync(buried.Id);
        edited!.Replayable.ShouldBeTrue();
        edited.Envelope.Data.ShouldBe([9, 9]);
    }

    [Fact]
    public async Task dead_letters_are_summarised_by_what_killed_them()
    {
        await BuryAsync();
        await BuryAsync();

        var summary = (await Store.DeadLetters.SummarizeAllAsync("svc", TimeRange.AllTime(), default)).ShouldHaveSingleItem();

        summary.Count.ShouldBe(2);
        summary.ExceptionType.ShouldBe(typeof(InvalidOperationException).FullName);
        summary.ReceivedAt.ShouldBe(StoreFixture.Queue);
    }

    [Fact]
    public async Task a_message_that_cannot_be_written_and_has_no_address_is_buried_all_the_same()
    {
        var message = new Envelope { Id = Guid.CreateVersion7(), Message = new object(), MessageType = "some.message" };

        await Store.Inbox.MoveToDeadLetterStorageAsync(message, new TimeoutException("slow"));

        var buried = await Store.DeadLetters.DeadLetterEnvelopeByIdAsync(message.Id);
        buried!.ExceptionMessage.ShouldBe("slow");
        buried.MessageType.ShouldBe("some.message");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private async Task<Envelope> BuryAsync(params (string Name, string Value)[] headers)
    {
        var message = StoreFixture.Message();
        foreach (var (name, value) in headers)
        {
            message.Headers[name] = value;
        }

        await Store.Inbox.MoveToDeadLetterStorageAsync(message, new InvalidOperationException("no"));
        return message;
    }
}
