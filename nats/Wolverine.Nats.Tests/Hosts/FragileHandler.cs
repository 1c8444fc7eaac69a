namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Notes each attempt, then fails as often as the message says.</summary>
public static class FragileHandler
{
    public static void Handle(Fragile message, Envelope envelope)
    {
        Received.Add(message.Id, envelope);
        if (Received.Of(message.Id).Count <= message.Failures)
        {
            throw new InvalidOperationException("too fragile");
        }
    }
}
