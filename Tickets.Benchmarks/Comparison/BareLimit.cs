using System.Diagnostics;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Tickets.Benchmarks.Comparison;

/// <summary>
/// What the drivers alone reach: groups of tickets are written with their ledger and outgoing rows, each group's events are
/// published at once with acks while the next group is written, and what is confirmed is deleted with a later group.
/// </summary>
internal static class BareLimit
{
    private const int Group = 100;
    private const int GroupsInFlight = 3;

    /// <summary>The id of a ticket's event.</summary>
    public static Guid IdOf(BareTicket ticket, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        ticket.Ticket.Id.TryWriteBytes(bytes);
        bytes[15] ^= (byte)(number + 1);
        return new Guid(bytes);
    }

    /// <returns>Tickets in a second.</returns>
    public static async Task<double> MeasureAsync(IBareRows rows, string natsUrl, int count)
    {
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = natsUrl });
        var jetStream = new NatsJSContext(connection);
        await jetStream.CreateStreamAsync(new StreamConfig("BARE", ["ticket.*", "notification.*", "audit.*"]));
        await RunAsync(rows, jetStream, Group * 10);
        var clock = Stopwatch.StartNew();
        await RunAsync(rows, jetStream, count);
        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task RunAsync(IBareRows rows, NatsJSContext jetStream, int count)
    {
        Queue<Task<IReadOnlyList<Guid>>> publishing = new();
        for (var written = 0; written < count; written += Group)
        {
            var tickets = Enumerable.Range(0, Math.Min(Group, count - written)).Select(_ => BareTicket.New()).ToArray();
            await rows.WriteAsync(tickets, publishing.Count < GroupsInFlight ? [] : await publishing.Dequeue());
            publishing.Enqueue(PublishAsync(jetStream, tickets));
        }

        while (publishing.TryDequeue(out var last))
        {
            await rows.WriteAsync([], await last);
        }
    }

    private static async Task<IReadOnlyList<Guid>> PublishAsync(NatsJSContext jetStream, IReadOnlyList<BareTicket> tickets) =>
        await Task.WhenAll(tickets.SelectMany(ticket => ticket.Events.Select(async (x, i) =>
        {
            var id = IdOf(ticket, i);
            var ack = await jetStream.PublishAsync(x.Subject, x.Body, opts: new NatsJSPubOpts { MsgId = id.ToString() });
            ack.EnsureSuccess();
            return id;
        })));
}
