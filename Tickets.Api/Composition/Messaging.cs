using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Notifications;
using Tickets.Handlers;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;
using Wolverine.Util;

namespace Tickets.Api.Composition;

/// <summary>What travels, from where to where.</summary>
internal static class Messaging
{
    // Handlers wait for their commit: the more wait, the more a group has.
    private const int Parallelism = 256;

    // What a process may have taken of a stream, and what all of them may: one that hangs must not keep the places of the others.
    private const int MostInFlight = 1_024;
    private const int MostTaken = 8 * MostInFlight;

    // Notifications that wait for their next try must not keep others from their first.
    private const int MostWaiting = 20_000;

    public static void AddMessaging(this WolverineOptions wolverine, ServiceOptions options)
    {
        wolverine.ServiceName = options.ServiceName;
        wolverine.EnvelopeIdGeneration = EnvelopeIdGeneration.GuidV7;
        wolverine.Durability.DrainTimeout = options.StopTimeout / 3;

        // What is at fault is waited for in place, for hours if need be (ADR 4).
        wolverine.DefaultExecutionTimeout = Timeout.InfiniteTimeSpan;
        wolverine.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue;
        wolverine.UseStorage(options.Storage);
        wolverine.UseGeneratedCode();
        wolverine.DefaultSerializer = new WireSerializer();
        wolverine.Discovery.IncludeAssembly(typeof(CommandContext).Assembly);
        wolverine.Policies.AddMiddleware(typeof(CommandCircumstances), chain => WireNames.Verbs.ContainsKey(chain.MessageType));
        wolverine.Policies.ForMessagesOfType<ITicketCommand>().AddMiddleware(typeof(TicketTurn));
        wolverine.AddRetries(options.Notifications.Pauses);

        wolverine.UseNats(options.Nats.Apply)
            .ConfigureTimeouts(connectTimeout: TimeSpan.FromSeconds(2), requestTimeout: TimeSpan.FromSeconds(5))
            .DefineStreams(options)
            .DeclareUsedSubjects(options);
        wolverine.AddCommands(options);
        wolverine.AddEvents(options);
        wolverine.AddReplies();
    }

    /// <summary>How events are written and read.</summary>
    public static CloudEventsMapper EventMapper(ServiceOptions options)
    {
        var mapper = new CloudEventsMapper($"/{options.ServiceName}");
        foreach (var (type, name) in WireNames.Events)
        {
            mapper.Map(type, name);
        }

        return mapper;
    }

    private static void AddCommands(this WolverineOptions wolverine, ServiceOptions options)
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
                    consumer.MaxInFlight = MostInFlight;
                })
                .DeadLetterTo(Subjects.DeadLetter)
                .WhenDeadLettered(DeadCommands.AnswerAsync)
                .UseInterop(mapper)
                .MaximumParallelMessages(Parallelism);
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

    private static void AddEvents(this WolverineOptions wolverine, ServiceOptions options)
    {
        var names = WireNames.Events.ToDictionary(x => x.Key.ToMessageTypeName(), x => x.Value);
        var bundle = typeof(EventBundle).ToMessageTypeName();
        var mapper = EventMapper(options);
        wolverine.Publish(publish =>
        {
            foreach (var type in WireNames.Events.Keys)
            {
                publish.Message(type);
            }

            publish.Message<EventBundle>();
            var events = publish.ToNatsSubject("ticket.events")
                .UseJetStream(Subjects.EventStream)
                .Unpack(envelope => envelope.MessageType == bundle ? BundleFormat.Read(envelope.Data) : null)
                .ToSubject(envelope => names[envelope.MessageType!])
                .UseInterop(mapper)
                .UseDurableOutbox();
            if (options.StockDesign)
            {
                events.SendOneByOne();
            }
            else
            {
                events.WhenConfirmed(DeleteAsync);
            }
        });
        if (options.Does(ServiceRole.Notifications))
        {
            // What is given up stays pending, so that a replay of its letter delivers it (ADR 13).
            wolverine.ListenToNatsSubject(WireNames.Events[typeof(NotificationRequested)])
                .UseJetStream(Subjects.EventStream, Consumers.Notifications, consumer =>
                {
                    consumer.MaxAckPending = MostWaiting;
                    consumer.MaxInFlight = MostInFlight;
                })
                .DeadLetterTo(Subjects.DeadLetter)
                .UseInterop(mapper)
                .MaximumParallelMessages(Parallelism);
        }
    }

    private static Task DeleteAsync(IReadOnlyList<Envelope> confirmed, IWolverineRuntime runtime)
    {
        runtime.Services.GetRequiredService<ConfirmedMessages>().Delete(confirmed.Select(envelope => envelope.Id));
        return Task.CompletedTask;
    }

    // One endpoint for all inboxes: one for each would grow without end.
    private static void AddReplies(this WolverineOptions wolverine) =>
        wolverine.PublishMessage<CommandOutcome>()
            .ToNatsSubject("ticket.replies")
            .ToSubject(envelope => envelope.Headers[CommandHeaders.ReplyTo]!)
            .SendInline()
            .Named(CommandCommitter.ReplyEndpoint);
}
