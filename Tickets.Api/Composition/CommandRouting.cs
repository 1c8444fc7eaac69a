using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Mapping;
using Wolverine.Util;

namespace Tickets.Api.Composition;

/// <summary>Commands from whoever sends them to those who handle them, and their answers back.</summary>
internal static class CommandRouting
{
    // What all processes may have taken: one that hangs must not keep the places of the others.
    private const int MostTaken = 8 * Messaging.MostInFlight;

    public static void AddCommands(this WolverineOptions wolverine, ServiceOptions options)
    {
        var mapper = new ForeignMessageMapper()
            .ValidTenant(TenantName.IsValid)
            .AcceptHeaders(
                CommandHeaders.Actor,
                CommandHeaders.ReplyTo,
                CommandHeaders.Door,
                CommandHeaders.CorrelationId,
                CommandHeaders.KeyId,
                CommandHeaders.Fingerprint,
                CommandHeaders.ReplayedCommand,
                CommandHeaders.ReplaySeal,
                CommandHeaders.TraceParent);
        foreach (var (type, verb) in WireNames.Verbs)
        {
            mapper.Map(Subjects.Command("{tenant}", verb), type);
        }

        if (options.Does(ServiceRole.Commands))
        {
            wolverine.ListenToNatsSubject(Subjects.AllCommands)
                .UseJetStream(Subjects.CommandStream, Consumers.Commands, consumer =>
                {
                    consumer.MaxAckPending = MostTaken;
                    consumer.MaxInFlight = Messaging.MostInFlight;
                })
                .DeadLetterTo(Subjects.DeadLetter)
                .WhenDeadLettered(DeadCommands.AnswerAsync)
                .UseInterop(mapper)
                .MaximumParallelMessages(Messaging.Parallelism);
        }

        var verbs = WireNames.Verbs.ToDictionary(x => x.Key.ToMessageTypeName(), x => x.Value);
        wolverine.Publish(publish =>
        {
            foreach (var type in WireNames.Verbs.Keys)
            {
                publish.Message(type);
            }

            publish.ToNatsSubject("ticket.commands")
                .UseJetStream(Subjects.CommandStream)
                .ToSubject(envelope => Subjects.Command(envelope.TenantId!, verbs[envelope.MessageType!]))
                .UseInterop(mapper)
                .SendInline();
        });
    }

    // One endpoint for all inboxes: one for each would grow without end.
    public static void AddReplies(this WolverineOptions wolverine) =>
        wolverine.PublishMessage<CommandOutcome>()
            .ToNatsSubject("ticket.replies")
            .ToSubject(envelope => envelope.Headers[CommandHeaders.ReplyTo]!)
            .SendInline()
            .Named(CommandCommitter.ReplyEndpoint);
}
