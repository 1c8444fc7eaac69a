using System.Diagnostics;
using FluentValidation;
using FluentValidation.Results;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Wolverine;
using Wolverine.Runtime;

namespace Tickets.Handlers;

/// <summary>Middleware that reads a command's circumstances from its envelope.</summary>
public static class CommandCircumstances
{
    /// <summary>Wolverine calls it before every command handler and passes the result to it.</summary>
    /// <exception cref="ValidationException">The header that names the actor can't be used; the command is dead-lettered.</exception>
    public static CommandContext Before(Envelope envelope, MessageContext context, TimeProvider clock)
    {
        if (envelope.Headers.GetValueOrDefault(CommandHeaders.CorrelationId) is { } correlation && CommandHeaders.IsCorrelationId(correlation))
        {
            context.CorrelationId = correlation;
        }

        // What follows carries it on, also where nobody listens to traces or the sender has begun none.
        envelope.ParentId ??= Activity.Current?.Id ?? NewTraceParent();
        return new CommandContext(
            envelope.TenantId ?? throw new InvalidOperationException("A command without tenant reached its handler."),
            envelope.Id,
            ActorOf(envelope),
            DoorOf(envelope.Headers.GetValueOrDefault(CommandHeaders.Door)),
            TraceIn(envelope.ParentId),
            Precision.OfTickets(clock.GetUtcNow()))
        {
            KeyId = IdIn(envelope, CommandHeaders.KeyId),
            Fingerprint = envelope.Headers.GetValueOrDefault(CommandHeaders.Fingerprint),
            Replayed = IdIn(envelope, CommandHeaders.ReplayedCommand),
        };
    }

    // Commands on NATS have met no other check, and events repeat the name.
    private static string? ActorOf(Envelope envelope)
    {
        var actor = envelope.Headers.GetValueOrDefault(CommandHeaders.Actor);
        return actor is null || CommandHeaders.IsActor(actor)
            ? actor
            : throw new ValidationException(
                [new ValidationFailure(CommandHeaders.Actor, $"must be 1 to {CommandHeaders.LongestActor} printable ASCII characters")]);
    }

    private static Guid? IdIn(Envelope envelope, string header) =>
        Guid.TryParse(envelope.Headers.GetValueOrDefault(header), out var id) ? id : null;

    private static Door DoorOf(string? header) => header switch
    {
        nameof(Door.Http) => Door.Http,
        nameof(Door.Cli) => Door.Cli,
        _ => Door.Nats,
    };

    private static string? TraceIn(string traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, out var trace) ? trace.TraceId.ToString() : null;

    // W3C Trace Context, 3.2: version, trace, span, and that it is not sampled.
    private static string NewTraceParent() => $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00";
}
