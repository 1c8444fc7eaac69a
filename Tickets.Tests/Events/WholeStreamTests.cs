using System.Threading.Channels;
using NATS.Client.Core;
using Tickets.Api.Events;

namespace Tickets.Tests.Events;

/// <summary>What listeners hear of a stream whose consumer passes messages over.</summary>
public sealed class WholeStreamTests
{
    private const int Limit = 10_000;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private readonly Channel<StreamMessage> _delivered = Channel.CreateUnbounded<StreamMessage>();
    private readonly SortedSet<ulong> _stored = [1, 2, 3, 4, 5, 6];
    private readonly List<ulong> _asked = [];
    private bool _isLed = true;

    // Found by the fault suite: NATS stream leader frozen, seed 701. The consumer was on a node that had been thawed, and left out eight events.
    [Fact(Timeout = Limit)]
    public async Task messages_that_a_consumer_has_passed_over_are_read_from_the_leader()
    {
        Deliver(1, 2, 5);

        (await ReadAsync(5, after: 0)).ShouldBe([1UL, 2, 3, 4, 5]);
    }

    [Fact(Timeout = Limit)]
    public async Task messages_that_are_passed_over_before_the_first_and_after_the_last_are_read_too()
    {
        Deliver(4);

        (await ReadAsync(6, after: 0)).ShouldBe([1UL, 2, 3, 4, 5, 6]);
    }

    [Fact(Timeout = Limit)]
    public async Task what_is_delivered_late_is_not_read_twice()
    {
        Deliver(1, 4, 2, 3, 4, 5);

        (await ReadAsync(5, after: 0)).ShouldBe([1UL, 2, 3, 4, 5]);
    }

    [Fact(Timeout = Limit)]
    public async Task what_has_left_the_stream_is_asked_for_once_and_left_out()
    {
        _stored.ExceptWith([2UL, 3]);
        Deliver(1, 4, 5, 6);

        (await ReadAsync(4, after: 0)).ShouldBe([1UL, 4, 5, 6]);

        _asked.ShouldBe([2UL]);
    }

    [Fact(Timeout = Limit)]
    public async Task nobody_is_asked_where_nothing_is_left_out()
    {
        Deliver(3, 4, 5, 6);

        (await ReadAsync(4, after: null)).ShouldBe([3UL, 4, 5, 6]);

        _asked.ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task a_stream_that_has_gone_back_ends_the_reading() => (await ReadAsync(1, after: 7)).ShouldBeEmpty();

    [Fact(Timeout = Limit)]
    public async Task a_stream_without_a_leader_is_waited_for()
    {
        _isLed = false;
        Deliver(1);
        await using var reading = Reading(after: 0).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await reading.MoveNextAsync();
        var next = reading.MoveNextAsync();

        _isLed = true;

        (await next).ShouldBeTrue();
        reading.Current.Sequence.ShouldBe(2UL);
    }

    private async Task<List<ulong>> ReadAsync(int count, ulong? after)
    {
        List<ulong> read = [];
        await foreach (var message in Reading(after))
        {
            read.Add(message.Sequence);
            if (read.Count == count)
            {
                break;
            }
        }

        return read;
    }

    private IAsyncEnumerable<StreamMessage> Reading(ulong? after)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return new WholeStream(NextAsync, _ => _isLed ? Task.FromResult(_stored.Max) : throw new NatsException("no leader"), Soon)
            .ReadAsync(_delivered.Reader.ReadAllAsync(cancellation), after, cancellation);
    }

    private Task<StreamMessage?> NextAsync(ulong sequence, CancellationToken cancellation)
    {
        _asked.Add(sequence);
        var next = _stored.FirstOrDefault(stored => stored >= sequence);
        return Task.FromResult(next == 0 ? null : MessageAt(next));
    }

    private void Deliver(params ulong[] sequences) => Array.ForEach(sequences, sequence => _delivered.Writer.TryWrite(MessageAt(sequence)).ShouldBeTrue());

    private static StreamMessage MessageAt(ulong sequence) => new(sequence, "ticket.created", DateTimeOffset.UnixEpoch, null, []);
}
