using NATS.Client.JetStream;
using NatsServers;
using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>What is asked beyond that where a stream keeps the messages.</summary>
public abstract class JetStreamConformance(OnJetStream pair) : TransportConformance(pair)
{
    [Fact]
    public async Task what_is_sent_while_nobody_listens_is_handled_later()
    {
        var note = Note.New();

        await Pair.Listener.StopAndDrainAsync();
        await Pair.Bus().PublishAsync(note);
        Received.Of(note.Id).ShouldBeEmpty();
        await Pair.Listener.StartAsync();

        await Received.WaitAsync(note.Id);
    }

    [Fact]
    public async Task what_is_sent_while_the_receiver_is_down_is_handled_by_the_next_one()
    {
        var note = Note.New();

        await Pair.RestartReceiverAsync(async () => await Pair.Bus().PublishAsync(note));

        (await Received.WaitAsync(note.Id)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task nothing_is_lost_while_the_receiver_stops_and_another_takes_over()
    {
        var notes = Enumerable.Range(0, 200).Select(_ => Note.New()).ToArray();

        var publishing = PublishAsync(notes);
        await Received.WaitAsync(notes[0].Id);
        await Pair.RestartReceiverAsync(() => publishing);

        foreach (var note in notes)
        {
            await Received.WaitAsync(note.Id);
        }
    }

    [Fact]
    public async Task what_nobody_handles_is_dead_lettered()
    {
        var unhandled = new Unhandled(Guid.NewGuid());

        await Pair.Bus().PublishAsync(unhandled);

        (await DeadLetterAsync(unhandled.Id)).Header("message-type")!.ShouldEndWith(nameof(Unhandled));
    }

    [Theory]
    [InlineData(Trouble.GivenUpAtOnce)]
    [InlineData(Trouble.Unforeseen)]
    public async Task what_fails_is_dead_lettered_by_the_policy_that_matches_or_by_the_default(Trouble trouble)
    {
        var flaky = new Flaky(Guid.NewGuid(), trouble, Times: int.MaxValue);

        await Pair.Bus().PublishAsync(flaky);

        var dead = await DeadLetterAsync(flaky.Id);
        dead.Header("exception-type").ShouldBe(typeof(TroubleException).FullName);
        dead.Header("Dlq-Reason")!.ShouldContain($"trouble: {trouble}");
        dead.Header("Dlq-Stream").ShouldBe(Pair.Stream);
        dead.Header("original-destination").ShouldBe(Pair.Destination.ToString());
        dead.Header("failed-at").ShouldNotBeNull();
        dead.Header("attempts").ShouldBe("1");
        Received.Of(flaky.Id).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task nothing_is_left_unsettled_when_everything_is_handled()
    {
        var note = Note.New();
        await Pair.Bus().PublishAsync(note);
        await Received.WaitAsync(note.Id);

        await using var connection = Pair.Server.Connect();
        var jetStream = new NatsJSContext(connection);

        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync(Pair.Stream)).Info.State.Messages, left => left == 0, TimeSpan.FromSeconds(15), "the work queue is empty");
    }

    private async Task PublishAsync(IEnumerable<Note> notes)
    {
        foreach (var note in notes)
        {
            await Pair.Bus().PublishAsync(note);
        }
    }

    private async Task<NATS.Client.Core.NatsMsg<string>> DeadLetterAsync(Guid id)
    {
        var found = await Eventually.Async(
            async () => (await Pair.Server.ReadAsync(OnJetStream.DeadLetterStream)).Where(dead => dead.Data!.Contains(id.ToString(), StringComparison.Ordinal)).ToArray(),
            dead => dead.Length > 0,
            TimeSpan.FromSeconds(20),
            "it is dead-lettered");
        return found.ShouldHaveSingleItem();
    }
}
