using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Tickets.Tests.Load;

/// <summary>Reads the whole event stream, as any consumer can.</summary>
public static class EventLog
{
    private const int Batch = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<LoggedEvent>> ReadAsync(INatsConnection connection)
    {
        var jetStream = new NatsJSContext(connection);
        var last = (await jetStream.GetStreamAsync("TICKET_EVENTS")).Info.State.LastSeq;
        var consumer = await jetStream.CreateOrderedConsumerAsync("TICKET_EVENTS");
        List<LoggedEvent> events = [];
        ulong seen = 0;
        while (seen < last)
        {
            await foreach (var message in consumer.FetchAsync<string>(new NatsJSFetchOpts { MaxMsgs = Batch, Expires = Wait }))
            {
                seen = message.Metadata!.Value.Sequence.Stream;
                events.Add(new LoggedEvent(
                    message.Subject,
                    message.Headers!["ce-id"].ToString(),
                    message.Headers["tenant"].ToString(),
                    JsonDocument.Parse(message.Data!).RootElement));
            }
        }

        return events;
    }
}
