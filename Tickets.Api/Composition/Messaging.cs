using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers;
using Tickets.Handlers.Storage;
using Wolverine;
using Wolverine.Nats;

namespace Tickets.Api.Composition;

/// <summary>What travels, from where to where.</summary>
internal static class Messaging
{
    /// <summary>How many messages a process handles at once. Handlers wait for their commit: the more wait, the more a group has.</summary>
    public const int Parallelism = 256;

    /// <summary>How many a process may have taken of a stream.</summary>
    public const int MostInFlight = 1_024;

    public static void AddMessaging(this WolverineOptions wolverine, ServiceOptions options)
    {
        wolverine.ServiceName = options.ServiceName;
        wolverine.EnvelopeIdGeneration = EnvelopeIdGeneration.GuidV7;
        wolverine.Durability.DrainTimeout = options.StopTimeout / 3;

        // What is at fault is waited for in place, for hours if need be (ADR 4).
        wolverine.DefaultExecutionTimeout = Timeout.InfiniteTimeSpan;
        wolverine.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue;
        wolverine.UseStorage(options.Storage);
        if (options.StockDesign is StockDesign.OneByOne)
        {
            wolverine.Durability.StoreOutgoingBatchSize = 1;
        }

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
}
