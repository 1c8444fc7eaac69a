namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Takes its time, and notes what it has finished.</summary>
public static class OrderHandler
{
    public static async Task Handle(Order order, Envelope envelope)
    {
        await Task.Delay(order.Milliseconds);
        Received.Add(order.Id, envelope);
    }
}
