using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Tickets.Faults.Ledger;

/// <summary>Reads the dead letters.</summary>
public static class DeadLetterLog
{
    private const int Batch = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>All of them: the original subject, the original <c>Nats-Msg-Id</c>, and the reason.</summary>
    public static async Task<IReadOnlyList<(string Subject, string? MessageId, string Reason)>> ReadAsync(INatsConnection connection)
    {
        var jetStream = new NatsJSContext(connection);
        var left = (int)(await jetStream.GetStreamAsync("TICKET_DLQ")).Info.State.Messages;
        var consumer = await jetStream.CreateOrderedConsumerAsync("TICKET_DLQ");
        List<(string, string?, string)> letters = [];

        // A fetch of more than is there would last until it expires.
        while (letters.Count < left)
        {
            await foreach (var message in consumer.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = Math.Min(Batch, left - letters.Count), Expires = Wait }))
            {
                letters.Add((Header(message, "Dlq-Subject") ?? string.Empty, Header(message, "Dlq-Msg-Id"), Header(message, "Dlq-Reason") ?? string.Empty));
            }
        }

        return letters;
    }

    private static string? Header(INatsJSMsg<byte[]> message, string name) =>
        message.Headers is { } headers && headers.TryGetValue(name, out var value) ? Uri.UnescapeDataString(value.ToString()) : null;
}
