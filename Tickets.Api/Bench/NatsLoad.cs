using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Contracts;
using Tickets.Contracts.Commands;

namespace Tickets.Api.Bench;

/// <summary>Commands published as another service does.</summary>
internal sealed class NatsLoad(INatsJSContext jetStream, BenchTickets tickets)
{
    private static readonly string Verb = WireNames.Verbs[typeof(CreateTicket)];

    /// <returns>What went wrong; null when the stream has confirmed it.</returns>
    public async Task<string?> PublishAsync(int number)
    {
        try
        {
            var ack = await jetStream.PublishAsync(
                Subjects.Command(tickets.TenantOf(number), Verb),
                Encoding.UTF8.GetBytes(tickets.BodyOf(number)),
                opts: new NatsJSPubOpts { MsgId = tickets.KeyOf(number) });
            return ack.Error?.Description;
        }
        catch (NatsException e)
        {
            return e.Message;
        }
    }
}
