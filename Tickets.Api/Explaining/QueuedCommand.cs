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
    private const ulong MostRead = 5_000;

    /// <summary>Where it is.</summary>
    /// <exception cref="NatsException">NATS is out of reach.</exception>
    public async Task<Explanation> FindAsync(Guid commandId, string? tenant, CancellationToken cancellation) =>
        await InQueueAsync(commandId, cancellation) + await GivenUpAsync(commandId, tenant, cancellation);

    private async Task<Explanation> InQueueAsync(Guid commandId, CancellationToken cancellation)
    {
        var jetStream = runtime.Options.NatsTransport().JetStream;
        var stream = await jetStream.GetStreamAsync(Subjects.CommandStream, cancellationToken: cancellation);
        var state = stream.Info.State;
        for (var sequence = state.FirstSeq; state.Messages > 0 && sequence <= Math.Min(state.LastSeq, state.FirstSeq + MostRead); sequence++)
        {
            if (await StreamMessage.FindAsync(stream, new StreamMsgGetRequest { Seq = sequence }, jetStream.Connection, cancellation) is { } message
                && DeliveryIdentity.Of(message.MessageId, Subjects.CommandStream, sequence) == commandId)
            {
                var fares = await cluster.ReadAsync(jetStream, cancellation);
                var consumer = fares.Streams.SelectMany(found => found.Consumers).First(found => found.Name == Consumers.Commands);
                return new Explanation(
                    [new TimelineStep(message.Time, Subjects.CommandStream, $"accepted on {message.Subject} at sequence {sequence}, and not acknowledged yet")],
                    [WhyItWaits(consumer)]);
            }
        }

        return Explanation.Empty;
    }

    private static string WhyItWaits(ConsumerState consumer) =>
        consumer.Fault is not null ? $"it waits in the queue, whose consumer {consumer.Name} {consumer.Fault}; ./tickets cluster tells more"
        : consumer is { Waiting: 0, AckPending: 0 } ? "it waits in the queue, and no process handles commands: start one whose TICKETS_ROLE is all, worker or commands"
        : consumer.Redelivered > 0 ? $"it waits in the queue: {consumer.AckPending} commands are being handled, {consumer.Redelivered} of them not for the first time; the services' logs tell why"
        : $"it waits in the queue: {consumer.AckPending} commands are being handled and {consumer.Pending} come after them";

    private async Task<Explanation> GivenUpAsync(Guid commandId, string? tenant, CancellationToken cancellation)
    {
        var found = Explanation.Empty;
        await foreach (var letter in letters.ReadAsync($"dlq.ticket.{tenant ?? "*"}.>", 0, null, cancellation))
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
