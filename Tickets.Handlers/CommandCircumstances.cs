using System.Diagnostics;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Wolverine;

namespace Tickets.Handlers;

/// <summary>Middleware that reads a command's circumstances from its envelope.</summary>
public static class CommandCircumstances
{
    /// <summary>Wolverine calls it before every command handler and passes the result to it.</summary>
    public static CommandContext Before(Envelope envelope, TimeProvider clock) => new(
        envelope.TenantId ?? throw new InvalidOperationException("A command without tenant reached its handler."),
        envelope.Id,
        envelope.Headers.GetValueOrDefault(CommandHeaders.Actor),
        envelope.Headers.GetValueOrDefault(CommandHeaders.Door) == nameof(Door.Http) ? Door.Http : Door.Nats,
        ActivityContext.TryParse(envelope.Headers.GetValueOrDefault(CommandHeaders.TraceParent), null, out var trace)
            ? trace.TraceId.ToString()
            : Activity.Current?.TraceId.ToString(),
        clock.GetUtcNow());
}
