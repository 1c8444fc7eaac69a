using Tickets.Contracts.Audit;

namespace Tickets.Api.Commands;

/// <summary>Everything about a command but the command itself.</summary>
/// <param name="Tenant">A valid tenant.</param>
/// <param name="Door">By which way it comes.</param>
/// <param name="Wait">How long to wait for the outcome; null answers as soon as the command is durable.</param>
public sealed record CommandRequest(string Tenant, Door Door, TimeSpan? Wait)
{
    /// <summary>Who acts; null leaves it to the body.</summary>
    public string? Actor { get; init; }

    /// <summary>What ties it to all that follows from it; null for nothing.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Of all requests with the same one, one takes effect; null when each does.</summary>
    public IdempotencyKey? Key { get; init; }
}
