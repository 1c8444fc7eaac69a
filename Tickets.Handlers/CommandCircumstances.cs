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
    /// <exception cref="ValidationException">Who acts has no such name; the command is dead-lettered.</exception>
    public static CommandContext Before(Envelope envelope, MessageContext context, TimeProvider clock)
    {
        if (envelope.Headers.GetValueOrDefault(CommandHeaders.CorrelationId) is { } correlation)
        {
            context.CorrelationId = correlation;
        }

        return new CommandContext(
            envelope.TenantId ?? throw new InvalidOperationException("A command without tenant reached its handler."),
            envelope.Id,
            ActorOf(envelope.Headers.GetValueOrDefault(CommandHeaders.Actor)),
            DoorOf(envelope.Headers.GetValueOrDefault(CommandHeaders.Door)),
            TraceOf(envelope)?.ToString(),
            ToMillisecond(clock.GetUtcNow()))
        {
            Fingerprint = envelope.Headers.GetValueOrDefault(CommandHeaders.Fingerprint),
            Replayed = Guid.TryParse(envelope.Headers.GetValueOrDefault(CommandHeaders.ReplayedCommand), out var replayed) ? replayed : null,
        };
    }

    // Commands on NATS have met no other check, and what is percent-encoded there may be any character.
    private static string? ActorOf(string? header) => header is null || TicketRules.IsName(header)
        ? header
        : throw new ValidationException(
        [
            new ValidationFailure(CommandHeaders.Actor, $"must have 1 to {TicketRules.LongestName} characters, and no control characters"),
        ]);

    private static Door DoorOf(string? header) => header switch
    {
        nameof(Door.Http) => Door.Http,
        nameof(Door.Cli) => Door.Cli,
        _ => Door.Nats,
    };

    // Ids hold their time to the millisecond; with no finer times they sort tickets as their times do.
    private static DateTimeOffset ToMillisecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static ActivityTraceId? TraceOf(Envelope envelope) =>
        ActivityContext.TryParse(envelope.Headers.GetValueOrDefault(CommandHeaders.TraceParent), null, out var trace)
            ? trace.TraceId
            : Activity.Current?.TraceId;
}
