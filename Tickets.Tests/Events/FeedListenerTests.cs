using Tickets.Api.Events;

namespace Tickets.Tests.Events;

public sealed class FeedListenerTests
{
    private const string Tenant = "acme";
    private int _ended;

    [Theory]
    [InlineData(10, 1000)]
    [InlineData(250_000, 4)]
    [InlineData(1_048_576, 1)]
    public async Task who_reads_too_slowly_is_let_go_before_what_waits_is_large(int characters, int most)
    {
        using var listener = Listener();
        OfferAll(listener, characters, 1, most);
        var kept = _ended;

        OfferAll(listener, characters, most + 1, 1);

        (kept, _ended).ShouldBe((0, 1));
        (await ReadAsync(listener, most)).ShouldBe(Enumerable.Range(1, most).Select(sequence => (ulong)sequence));
    }

    [Fact]
    public async Task what_was_read_waits_no_more()
    {
        const int large = 600_000;
        using var listener = Listener();

        for (var sequence = 1; sequence <= 10; sequence++)
        {
            OfferAll(listener, large, sequence, 1);
            (await ReadAsync(listener, 1)).ShouldBe([(ulong)sequence]);
        }

        _ended.ShouldBe(0);
    }

    private FeedListener Listener() => new(Tenant, new StreamEnds(DateTimeOffset.UnixEpoch, 0, 0), _ => _ended++);

    private static void OfferAll(FeedListener listener, int characters, int first, int count)
    {
        var json = new string('x', characters);
        foreach (var sequence in Enumerable.Range(first, count))
        {
            listener.Offer(new FeedEvent((ulong)sequence, Tenant, "ticket.updated", json));
        }
    }

    private static async Task<ulong[]> ReadAsync(FeedListener listener, int count) =>
        await listener.ReadAllAsync(TestContext.Current.CancellationToken).Take(count).Select(next => next.Sequence).ToArrayAsync();
}
