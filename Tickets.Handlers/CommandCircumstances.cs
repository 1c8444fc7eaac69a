using System.Diagnostics;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Wolverine;
using Wolverine.Runtime;

namespace Tickets.Handlers;

/// <summary>Middleware that reads a command's circumstances from its envelope.</summary>
public static class CommandCircumstances
{
    /// <summary>Wolverine calls it before every command handler and passes the result to it.</summary>
    public static CommandContext Before(Envelope envelope, MessageContext context, TimeProvider clock)
    {
        if (envelope.Headers.GetValueOrDefault(CommandHeaders.CorrelationId) is { } correlation)
        {
            context.CorrelationId = correlation;
        }

        return new CommandContext(
            envelope.TenantId ?? throw new InvalidOperationException("A command without tenant reached its handler."),
            envelope.Id,
            envelope.Headers.GetValueOrDefault(CommandHeaders.Actor),
            DoorOf(envelope.Headers.GetValueOrDefault(CommandHeaders.Door)),
            TraceOf(envelope)?.ToString(),
            ToMillisecond(clock.GetUtcNow()))
        {
            Fingerprint = envelope.Headers.GetValueOrDefault(CommandHeaders.Fingerprint),
            Replayed = Guid.TryParse(envelope.Headers.GetValueOrDefault(CommandHeaders.ReplayedCommand), out var replayed) ? replayed : null,
        };
    }

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
