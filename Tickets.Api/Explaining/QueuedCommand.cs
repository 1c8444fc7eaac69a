using NATS.Client.Core;
using NATS.Client.JetStream.Models;
using Tickets.Api.Cluster;
using Tickets.Api.Composition;
using Tickets.Api.DeadLetters;
using Tickets.Api.Events;
using Tickets.Contracts;
using Wolverine.Nats;
using Wolverine.Nats.Receiving;
using Wolverine.Runtime;

namespace Tickets.Api.Explaining;

/// <summary>Looks for a command that has no effect yet: in its queue, and among the dead letters.</summary>
internal sealed class QueuedCommand(IWolverineRuntime runtime, ClusterReader cluster, LetterStream letters)
{
    private const ulong MostRead = 100_000;

    // One after another they would take a round trip each.
    private const int AtOnce = 256;

    /// <summary>Where it is.</summary>
    /// <param name="commandId">The command.</param>
    /// <param name="tenant">Whose; null for anybody's.</param>
    /// <param name="mayWait">Whether it may be in the queue, through which one has to go.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<Explanation> FindAsync(Guid commandId, string? tenant, bool mayWait, CancellationToken cancellation) =>
        (mayWait ? await InQueueAsync(commandId, cancellation) : Explanation.Empty) + await GivenUpAsync(commandId, tenant, cancellation);

    private async Task<Explanation> InQueueAsync(Guid commandId, CancellationToken cancellation)
    {
        var jetStream = runtime.Options.NatsTransport().JetStream;
        var stream = await jetStream.GetStreamAsync(Subjects.CommandStream, cancellationToken: cancellation);
        var (first, end) = EndsOf(stream.Info.State);
        for (var from = first; from < end; from += AtOnce)
        {
            var messages = await Task.WhenAll(Range(from, Math.Min(end, from + AtOnce)).Select(sequence =>
                StreamMessage.FindAsync(stream, new StreamMsgGetRequest { Seq = sequence }, jetStream.Connection, cancellation)));
            if (Array.Find(messages, message => message is not null && DeliveryIdentity.Of(message.MessageId, Subjects.CommandStream, message.Sequence, message.Time) == commandId) is { } found)
            {
                var fares = await cluster.ReadAsync(jetStream, cancellation);
                var consumer = fares.Streams.SelectMany(state => state.Consumers).First(state => state.Name == Consumers.Commands);
                return new Explanation(
                    [new TimelineStep(found.Time, Subjects.CommandStream, $"accepted on {found.Subject} at sequence {found.Sequence}, and not acknowledged yet")],
                    [WhyItWaits(consumer)]);
            }
        }

        return end > stream.Info.State.LastSeq ? Explanation.Empty
            : new Explanation([], [$"it may wait in the queue behind the {MostRead} commands that were looked through; ask again when there are fewer"]);
    }

    private static (ulong First, ulong End) EndsOf(NATS.Client.JetStream.Models.StreamState state) =>
        state.Messages == 0 ? (state.LastSeq + 1, state.LastSeq + 1) : (state.FirstSeq, Math.Min(state.LastSeq + 1, state.FirstSeq + MostRead));

    private static IEnumerable<ulong> Range(ulong from, ulong end)
    {
        for (var sequence = from; sequence < end; sequence++)
        {
            yield return sequence;
        }
    }

    private static string WhyItWaits(ConsumerState consumer) =>
        consumer.Fault is not null ? $"it waits in the queue, whose consumer {consumer.Name} {consumer.Fault}; ./tickets cluster tells more"
        : consumer is { Waiting: 0, AckPending: 0 } ? "it waits in the queue, and no process handles commands: start one whose TICKETS_ROLE is all, worker or commands"
        : consumer.Redelivered > 0 ? $"it waits in the queue: {consumer.AckPending} commands are being handled, {consumer.Redelivered} of them not for the first time; the services' logs tell why"
        : $"it waits in the queue: {consumer.AckPending} commands are being handled and {consumer.Pending} come after them";

    private async Task<Explanation> GivenUpAsync(Guid commandId, string? tenant, CancellationToken cancellation)
    {
        var found = Explanation.Empty;
        await foreach (var letter in letters.ReadAsync(Subjects.DeadLettersOf(tenant), 0, null, cancellation))
        {
            if (letter.Identity == commandId)
            {
                found += new Explanation(
                    [new TimelineStep(letter.Time, Subjects.DeadLetterStream, $"given up after {letter.Deliveries} deliveries, as dead letter {letter.Sequence}: {letter.Reason}")],
                    [$"it is a dead letter; ./tickets dlq show {letter.Sequence} shows it, and ./tickets dlq replay {letter.Sequence} tries it again"]);
            }
        }

        return found;
    }
}
