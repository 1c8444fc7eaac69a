using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Faults.Ledger;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>When nothing is on its way any more.</summary>
internal static class Quiet
{
    /// <summary>What a busy machine may add to any limit.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private const string Nothing = "nothing";

    /// <summary>Returns when all commands are settled, the outbox is empty, and all events are handled.</summary>
    public static Task ReachedAsync(Rig rig, TimeSpan limit) =>
        Eventually.Async(() => LeftAsync(rig), left => left == Nothing, limit, "all is settled");

    /// <summary>Reads as soon as somebody answers: after a fault, streams may be without a leader for a while.</summary>
    public static async Task<T> AnsweredAsync<T>(Func<Task<T>> read, TimeSpan limit)
        where T : class => (await Eventually.Async(
            async () =>
            {
                try
                {
                    return await read();
                }
                catch (NatsException)
                {
                    return null;
                }
            },
            answer => answer is not null,
            limit,
            "NATS answers"))!;

    private static async Task<string> LeftAsync(Rig rig)
    {
        var jetStream = new NatsJSContext(rig.Nats);
        try
        {
            // In the order in which things travel, so that nothing passes by unseen.
            var left = await LeftAsync(jetStream, "TICKET_COMMANDS", "ticket-workers");
            var outbox = await rig.Database.OutboxAsync();
            left ??= outbox > 0 ? $"{outbox} messages in the outbox" : null;
            left ??= await LeftAsync(jetStream, "TICKET_EVENTS", "notifier");
            left ??= await LeftAsync(jetStream, "TICKET_COMMANDS", "ticket-workers");
            left ??= await rig.Database.OutboxAsync() > 0 ? "messages in the outbox" : null;
            return left ?? await PassedOverAsync(rig) ?? Nothing;
        }
        catch (Exception e) when (e is NatsException or System.Data.Common.DbException)
        {
            return e.Message;
        }
    }

    // A consumer of a 2.9 cluster may be behind messages that it has never delivered; the service has them delivered after a while.
    private static async Task<string?> PassedOverAsync(Rig rig)
    {
        await using var database = await rig.Database.OpenAsync();
        return await QueuedCommands.ReadAsync(rig.Nats, database, settled: false) is { Count: > 0 } waiting ? $"{waiting.Count} commands that were passed over" : null;
    }

    // Not the count of messages in the stream: a server of 2.9 may keep some that were acknowledged while its leader died.
    private static async Task<string?> LeftAsync(NatsJSContext jetStream, string stream, string consumer)
    {
        var info = (await jetStream.GetConsumerAsync(stream, consumer)).Info;
        return info.NumPending + (ulong)info.NumAckPending > 0
            ? $"{consumer}: {info.NumPending} pending, {info.NumAckPending} being handled, leader {info.Cluster?.Leader}, {info.NumWaiting} pulls"
            : null;
    }
}
