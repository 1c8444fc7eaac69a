using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Api.Events;
using Tickets.Api.Explaining;

namespace Tickets.Tests.Diagnostics;

/// <summary>Looking for events in a stream whose server pauses.</summary>
public sealed class StoredEventsTests
{
    private const ulong Newest = 6;
    private static readonly DateTimeOffset Made = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);
    private readonly Guid _wanted = Guid.CreateVersion7();
    private readonly List<NatsJSOrderedConsumerOpts> _readings = [];

    [Fact]
    public async Task what_comes_after_a_pause_of_the_server_is_found_where_the_reading_broke_off()
    {
        var found = await FindAsync([[1, 2, 3], [4, 5]], at: 5);

        found[_wanted].Sequence.ShouldBe(5UL);
        _readings.Select(place => place.DeliverPolicy).ShouldBe([ConsumerConfigDeliverPolicy.ByStartTime, ConsumerConfigDeliverPolicy.ByStartSequence]);
        _readings[^1].OptStartSeq.ShouldBe(4UL);
    }

    [Fact]
    public async Task a_server_that_says_nothing_more_does_not_make_an_event_a_lost_one()
    {
        await Should.ThrowAsync<NatsException>(() => FindAsync([[1, 2, 3], []], at: 5));
    }

    [Fact]
    public async Task an_event_that_is_not_there_up_to_the_end_is_not_found()
    {
        (await FindAsync([[1, 2, 3, 4, 5, 6]], at: 7)).ShouldBeEmpty();
    }

    [Fact(Timeout = 10_000)]
    public async Task a_stream_that_has_no_more_messages_is_read_until_it_has_been_quiet()
    {
        (await FindAsync([[1, 2]], at: 7, silence: TimeSpan.FromMilliseconds(50), ends: false)).ShouldBeEmpty();
    }

    private Task<IReadOnlyDictionary<Guid, (ulong Sequence, DateTimeOffset At)>> FindAsync(ulong[][] readings, ulong at, TimeSpan? silence = null, bool ends = true)
    {
        var events = new StoredEvents(Read, _ => Task.FromResult(Newest), silence ?? Never);
        return events.FindAsync([KeyValuePair.Create(_wanted, Made)], keptSince: Made, TestContext.Current.CancellationToken);

        async IAsyncEnumerable<StreamMessage> Read(NatsJSOrderedConsumerOpts place, [EnumeratorCancellation] CancellationToken cancellation)
        {
            _readings.Add(place);
            foreach (var sequence in readings[_readings.Count - 1])
            {
                yield return new StreamMessage(
                    sequence, "ticket.created", Made, new NatsHeaders { ["Nats-Msg-Id"] = (sequence == at ? _wanted : Guid.CreateVersion7()).ToString() }, []);
            }

            if (!ends)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
        }
    }
}
