using System.Data.Common;
using Dapper;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Receiving;

namespace Tickets.Faults.Ledger;

/// <summary>The commands that are in the work queue, and whether they are settled already.</summary>
public static class QueuedCommands
{
    private const string Stream = "TICKET_COMMANDS";

    /// <summary>Those that have a row in the ledger, or those that have none.</summary>
    /// <param name="nats">Where the queue is.</param>
    /// <param name="database">Where the ledger is.</param>
    /// <param name="settled">True for the first, false for the others.</param>
    /// <returns>Their sequences.</returns>
    public static async Task<IReadOnlyList<ulong>> ReadAsync(INatsConnection nats, DbConnection database, bool settled)
    {
        var stream = await new NatsJSContext(nats).GetStreamAsync(Stream);
        List<ulong> found = [];
        if (stream.Info.State.Messages == 0)
        {
            return found;
        }

        HashSet<Guid> known = [.. (await database.QueryAsync<string>("SELECT CAST(command_id AS text) FROM ledger")).Select(Guid.Parse)];
        for (var sequence = stream.Info.State.FirstSeq; sequence <= stream.Info.State.LastSeq; sequence++)
        {
            if (await FindAsync(stream, sequence) is { } id && known.Contains(id) == settled)
            {
                found.Add(sequence);
            }
        }

        return found;
    }

    private static async Task<Guid?> FindAsync(INatsJSStream stream, ulong sequence)
    {
        try
        {
            var message = (await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence })).Message;
            return DeliveryIdentity.Of(MessageHeaders.Read(message.Hdrs, "Nats-Msg-Id"), Stream, sequence, message.Time);
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            return null;
        }
    }
}
