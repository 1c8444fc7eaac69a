namespace Wolverine.Nats.Tests.Hosts;

/// <summary>What a handler saw of its envelope.</summary>
public sealed record Handled(
    Guid Id,
    int Attempts,
    string? TenantId,
    string? CorrelationId,
    Guid ConversationId,
    string? ParentId,
    string? GroupId,
    string? ContentType,
    string? Source,
    IReadOnlyDictionary<string, string?> Headers);
