using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Tickets.Faults.Ledger;

/// <summary>Reads the whole event stream, as any consumer can.</summary>
public static class EventLog
{
    private const int Batch = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>All events, in the order of the stream.</summary>
    public static async Task<IReadOnlyList<LoggedEvent>> ReadAsync(INatsConnection connection)
    {
        var jetStream = new NatsJSContext(connection);
        var last = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.State.LastSeq;
        var consumer = await jetStream.CreateOrderedConsumerAsync("TICKET_EVENTS");
        List<LoggedEvent> events = [];
        ulong seen = 0;
        while (seen < last)
        {
            await foreach (var message in consumer.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = Batch, Expires = Wait }))
            {
                seen = message.Metadata!.Value.Sequence.Stream;
                events.Add(LoggedEvent.Read(message.Subject, message.Headers!["ce-id"].ToString(), message.Headers["tenant"].ToString(), message.Data!));
            }
        }

        return events;
    }
}
