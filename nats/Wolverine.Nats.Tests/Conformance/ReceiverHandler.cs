using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>Handles everything at the receiver.</summary>
public static class ReceiverHandler
{
    public static void Handle(Note note, Envelope envelope) => Received.Add(note.Id, envelope);

    public static void Handle(PlainNote note, Envelope envelope) => Received.Add(note.Id, envelope);

    public static Answer Handle(Question question, Envelope envelope)
    {
        Received.Add(question.Id, envelope);
        return new Answer(question.Id);
    }

    public static ValueTask Handle(Greeting greeting, IMessageContext context) => context.RespondToSenderAsync(new Reply(greeting.Id));

    public static void Handle(Flaky flaky, Envelope envelope)
    {
        Received.Add(flaky.Id, envelope);
        if (Received.Of(flaky.Id).Count <= flaky.Times)
        {
            throw new TroubleException(flaky.Trouble);
        }
    }
}
