using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;

namespace Tickets.Faults.Ledger;

/// <summary>Reads the whole event stream, as any consumer can.</summary>
public static class EventLog
{
    private const int Batch = 1000;
    private const string Stream = "TICKET_EVENTS";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// All events, in the order of the stream. Read again while some are left out: a consumer on a node whose copy is still behind
    /// passes over what is not there yet, on servers of 2.9.
    /// </summary>
    /// <exception cref="TimeoutException">Consumers still leave out what the stream's leader says it has.</exception>
    public static async Task<IReadOnlyList<LoggedEvent>> ReadAsync(INatsConnection connection)
    {
        var jetStream = new NatsJSContext(connection);
        var (events, _) = await Eventually.Async(
            async () =>
            {
                var messages = (int)(await jetStream.GetStreamAsync(Stream)).Info.State.Messages;
                return (Events: await ReadAsync(jetStream, messages), Messages: messages);
            },
            read => read.Events.Count >= read.Messages,
            Limit,
            "a consumer gets all events of the stream");
        return events;
    }

    private static async Task<IReadOnlyList<LoggedEvent>> ReadAsync(NatsJSContext jetStream, int messages)
    {
        var consumer = await jetStream.CreateOrderedConsumerAsync(Stream);
        List<LoggedEvent> events = [];

        // One that brings nothing has passed over what is left. One of more than is there would last until it expires.
        for (var brought = true; brought && events.Count < messages;)
        {
            brought = false;
            await foreach (var message in consumer.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = Math.Min(Batch, messages - events.Count), Expires = Wait }))
            {
                brought = true;
                events.Add(LoggedEvent.Read(message.Subject, message.Headers!["ce-id"].ToString(), message.Headers["tenant"].ToString(), message.Data!));
            }
        }

        return events;
    }
}
