using Tickets.Contracts.Audit;

namespace Tickets.Handlers;

/// <summary>Who sent a command, for whom, by which way, and when it is being decided.</summary>
/// <param name="Tenant">The tenant, from the subject's token.</param>
/// <param name="CommandId">The command's identity for good.</param>
/// <param name="Actor">Who acts; null when only the body can tell.</param>
/// <param name="Door">By which way it came.</param>
/// <param name="TraceId">The W3C trace id, when there is one.</param>
/// <param name="Now">The time of the decision, UTC.</param>
public sealed record CommandContext(string Tenant, Guid CommandId, string? Actor, Door Door, string? TraceId, DateTimeOffset Now)
{
    /// <summary>What all requests with the same key share; null without a key.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>What a repeat with the same key must ask for; null without a key.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>When it is the replay of a command that was given up, the identity of that one.</summary>
    public Guid? Replayed { get; init; }

    /// <summary>Who acts, by the header, by the body, or <c>anonymous</c>.</summary>
    public string ActorOr(string? named) => Actor ?? named ?? "anonymous";
}
