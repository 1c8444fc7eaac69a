namespace Tickets.Contracts;

/// <summary>What somebody said about a ticket.</summary>
public sealed record Comment
{
    /// <summary>A UUID version 7 (RFC 9562).</summary>
    public required Guid Id { get; init; }

    /// <summary>The ticket.</summary>
    public required Guid TicketId { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required string Tenant { get; init; }

    /// <summary>Who said it, 1 to 200 characters.</summary>
    public required string Author { get; init; }

    /// <summary>What, 1 to 20,000 characters.</summary>
    public required string Body { get; init; }

    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
