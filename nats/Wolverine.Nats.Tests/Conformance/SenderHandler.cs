using Wolverine.Nats.Tests.Hosts;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>Handles answers at the sender.</summary>
public static class SenderHandler
{
    public static void Handle(Reply reply, Envelope envelope) => Received.Add(reply.Id, envelope);
}
