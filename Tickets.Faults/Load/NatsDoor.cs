using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Tickets.Faults.Load;

/// <summary>Publishes commands, with their key as <c>Nats-Msg-Id</c>.</summary>
internal sealed class NatsDoor(INatsConnection nats)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NatsJSContext _jetStream = new(nats);

    /// <summary>One try.</summary>
    /// <returns>What became of it, and where the stream says that it is.</returns>
    public async Task<(Outcome Outcome, ulong? Sequence)> TryAsync(LoadCommand command)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var ack = await _jetStream.PublishAsync(
                $"ticket.commands.{command.Tenant}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(command.Kind.ToString())}",
                BodyOf(command),
                opts: new NatsJSPubOpts { MsgId = command.Key },
                cancellationToken: patience.Token);

            // A duplicate of what has no sequence yet may come to nothing.
            return ack switch
            {
                { Error: not null } => (Outcome.Refused, null),
                { Duplicate: true, Seq: 0 } => (Outcome.Unknown, null),
                _ => (Outcome.Taken, ack.Seq),
            };
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException)
        {
            return (Outcome.Unknown, null);
        }
    }

    private static byte[] BodyOf(LoadCommand command)
    {
        object body = command.Kind switch
        {
            CommandKind.Create => new { title = command.Key, created_by = "load" },
            CommandKind.Update => new { ticket_id = command.TicketId, title = command.Key },
            CommandKind.Comment => new { ticket_id = command.TicketId, author = "load", body = command.Key },
            _ => new { ticket_id = command.TicketId },
        };
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
