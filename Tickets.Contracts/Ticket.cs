namespace Tickets.Contracts;

/// <summary>A ticket as it is stored, answered and carried in events. Times are UTC.</summary>
public sealed record Ticket
{
    /// <summary>A UUID version 7 (RFC 9562).</summary>
    public required Guid Id { get; init; }

    /// <summary>1, 2, 3 … within the tenant. Set by the store in the transaction that inserts the ticket, 0 before.</summary>
    public long Number { get; set; }

    /// <summary>The tenant it belongs to.</summary>
    public required string Tenant { get; init; }

    /// <summary>1 to 200 characters, trimmed.</summary>
    public required string Title { get; init; }

    /// <summary>Up to 20,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Where it stands.</summary>
    public required TicketStatus Status { get; init; }

    /// <summary>How urgent it is.</summary>
    public required TicketPriority Priority { get; init; }

    /// <summary>Who asked for it, 1 to 200 characters.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Who works on it.</summary>
    public string? Assignee { get; init; }

    /// <summary>A set of at most 20 words of at most 50 characters, in the order given.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it should be done.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>1, 2, 3 … with every change; the ETag.</summary>
    public required int Version { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was resolved; null again once it is reopened.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When it was closed; null again once it is reopened.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
