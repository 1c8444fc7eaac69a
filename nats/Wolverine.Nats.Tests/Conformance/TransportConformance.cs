using Wolverine.Nats.Tests.Hosts;
using Wolverine.Runtime.RemoteInvocation;
using Wolverine.Tracking;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>What Wolverine asks of any transport.</summary>
public abstract partial class TransportConformance(Pair pair)
{
    protected Pair Pair { get; } = pair;

    [Fact]
    public async Task a_message_sent_to_an_address_arrives()
    {
        var note = Note.New();

        await Pair.Bus().EndpointFor(Pair.Destination).SendAsync(note);

        await Received.WaitAsync(note.Id);
    }

    [Fact]
    public async Task a_message_follows_its_publishing_rule_and_is_tracked_from_end_to_end()
    {
        var note = Note.New();

        var session = await Track().SendMessageAndWaitAsync(note);

        session.Sent.SingleMessage<Note>().ShouldBe(note);
        session.Executed.SingleMessage<Note>().ShouldBe(note);
    }

    [Fact]
    public async Task a_request_gets_its_typed_answer()
    {
        var question = new Question(Guid.NewGuid());

        var answer = await Pair.Bus().InvokeAsync<Answer>(question, timeout: TimeSpan.FromSeconds(15));

        answer.Id.ShouldBe(question.Id);
    }

    [Fact]
    public async Task an_answer_belongs_to_the_conversation_of_its_question()
    {
        var greeting = new Greeting(Guid.NewGuid());

        var session = await Track()
            .WaitForMessageToBeReceivedAt<Reply>(Pair.Sender).SendMessageAndWaitAsync(greeting, new DeliveryOptions { TenantId = "acme" });

        var asked = session.Sent.SingleEnvelope<Greeting>();
        var reply = session.Received.SingleEnvelope<Reply>();
        (reply.ConversationId, reply.CorrelationId, reply.TenantId).ShouldBe((asked.ConversationId, asked.CorrelationId, "acme"));
    }

    [Fact]
    public async Task a_sender_can_wait_until_its_message_is_handled()
    {
        var note = Note.New();

        await Pair.Bus().EndpointFor(Pair.Destination).InvokeAsync(note, timeout: TimeSpan.FromSeconds(15));

        Received.Of(note.Id).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_sender_that_waits_hears_of_the_failure()
    {
        var flaky = new Flaky(Guid.NewGuid(), Trouble.GivenUpAtOnce, Times: int.MaxValue);

        var failure = await Should.ThrowAsync<WolverineRequestReplyException>(
            () => Pair.Bus().EndpointFor(Pair.Destination).InvokeAsync(flaky, timeout: TimeSpan.FromSeconds(15)));

        failure.Message.ShouldContain("trouble: GivenUpAtOnce");
    }

    [Fact]
    public async Task a_handler_may_answer_by_itself()
    {
        var greeting = new Greeting(Guid.NewGuid());

        await Pair.Bus().PublishAsync(greeting);

        await Received.WaitAsync(greeting.Id);
    }

    [Fact]
    public async Task what_describes_a_message_travels_with_it()
    {
        var note = Note.New();
        var options = new DeliveryOptions { TenantId = "acme", GroupId = "group 7" }.WithHeader("color", "grün\r\nX: 1");

        var session = await Track().SendMessageAndWaitAsync(note, options);

        var sent = session.Sent.SingleEnvelope<Note>();
        var handled = (await Received.WaitAsync(note.Id))[0];
        (handled.TenantId, handled.GroupId, handled.ContentType, handled.Source).ShouldBe(("acme", "group 7", "application/json", "sender"));
        (handled.CorrelationId, handled.ConversationId, handled.ParentId).ShouldBe((sent.CorrelationId, sent.ConversationId, sent.ParentId));
        handled.Headers["color"].ShouldBe("grün\r\nX: 1");
        handled.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task a_message_may_have_a_format_of_its_own()
    {
        var note = new PlainNote(Guid.NewGuid());

        await Pair.Bus().EndpointFor(NatsEndpointUri.Subject(Pair.PlainSubject)).SendAsync(note);

        (await Received.WaitAsync(note.Id))[0].ContentType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task a_requeued_message_comes_again_and_its_attempts_are_counted()
    {
        var flaky = new Flaky(Guid.NewGuid(), Trouble.Requeued, Times: 2);

        await Pair.Bus().PublishAsync(flaky);

        (await Received.WaitAsync(flaky.Id, times: 3)).Select(handled => handled.Attempts).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task a_retry_can_be_scheduled()
    {
        var flaky = new Flaky(Guid.NewGuid(), Trouble.ScheduledAgain, Times: 2);

        await Pair.Bus().PublishAsync(flaky);

        (await Received.WaitAsync(flaky.Id, times: 3)).Select(handled => handled.Attempts).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task a_message_can_be_sent_later()
    {
        var note = Note.New();
        var due = DateTimeOffset.UtcNow.AddMilliseconds(700);

        await Pair.Bus().ScheduleAsync(note, due);

        await Received.WaitAsync(note.Id);
        DateTimeOffset.UtcNow.ShouldBeGreaterThanOrEqualTo(due.AddMilliseconds(-50));
    }

    [Fact]
    public async Task a_message_that_nobody_handles_holds_nothing_up()
    {
        var note = Note.New();

        await Pair.Bus().PublishAsync(new Unhandled(Guid.NewGuid()));
        await Pair.Bus().PublishAsync(note);

        await Received.WaitAsync(note.Id);
    }

    // The end of an earlier test's failure may still be told.
    private TrackedSessionConfiguration Track() => Pair.Sender.TrackActivity()
        .AlsoTrack(Pair.Receiver).Timeout(TimeSpan.FromSeconds(15)).DoNotAssertOnExceptionsDetected();
}
