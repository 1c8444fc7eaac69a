using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>A ticket as its columns, enumerations by their wire names.</summary>
internal class TicketRow
{
    public required string Tenant { get; init; }

    public required Guid Id { get; init; }

    public required long Number { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    public required string Status { get; init; }

    public required string Priority { get; init; }

    public required string CreatedBy { get; init; }

    public string? Assignee { get; init; }

    public required string[] Tags { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public static TicketRow Of(Ticket ticket) => new()
    {
        Tenant = ticket.Tenant,
        Id = ticket.Id,
        Number = ticket.Number,
        Title = ticket.Title,
        Description = ticket.Description,
        Status = WireName.Of(ticket.Status),
        Priority = WireName.Of(ticket.Priority),
        CreatedBy = ticket.CreatedBy,
        Assignee = ticket.Assignee,
        Tags = [.. ticket.Tags],
        DueAt = ticket.DueAt,
        Version = ticket.Version,
        CreatedAt = ticket.CreatedAt,
        UpdatedAt = ticket.UpdatedAt,
        ResolvedAt = ticket.ResolvedAt,
        ClosedAt = ticket.ClosedAt,
    };

    public Ticket ToTicket() => new()
    {
        Tenant = Tenant,
        Id = Id,
        Number = Number,
        Title = Title,
        Description = Description,
        Status = WireName.Parse<TicketStatus>(Status),
        Priority = WireName.Parse<TicketPriority>(Priority),
        CreatedBy = CreatedBy,
        Assignee = Assignee,
        Tags = Tags,
        DueAt = DueAt,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        ResolvedAt = ResolvedAt,
        ClosedAt = ClosedAt,
    };
}
