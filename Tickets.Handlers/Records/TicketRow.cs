using System.Globalization;
using System.Text.Json;
using Tickets.Contracts;

namespace Tickets.Handlers.Records;

/// <summary>A ticket as its columns: ids and times as text that sorts, enumerations by their wire names.</summary>
internal class TicketRow
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    public required long Number { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    public required string Status { get; init; }

    public required string Priority { get; init; }

    public required string CreatedBy { get; init; }

    public string? Assignee { get; init; }

    public required string Tags { get; init; }

    public string? DueAt { get; init; }

    public required long Version { get; init; }

    public required string CreatedAt { get; init; }

    public required string UpdatedAt { get; init; }

    public string? ResolvedAt { get; init; }

    public string? ClosedAt { get; init; }

    public static TicketRow Of(Ticket ticket) => new()
    {
        Tenant = ticket.Tenant,
        Id = ticket.Id.ToString(),
        Number = ticket.Number,
        Title = ticket.Title,
        Description = ticket.Description,
        Status = WireName.Of(ticket.Status),
        Priority = WireName.Of(ticket.Priority),
        CreatedBy = ticket.CreatedBy,
        Assignee = ticket.Assignee,
        Tags = JsonSerializer.Serialize(ticket.Tags, WireJson.Default.IReadOnlyListString),
        DueAt = Timestamp.Write(ticket.DueAt),
        Version = ticket.Version,
        CreatedAt = Timestamp.Write(ticket.CreatedAt),
        UpdatedAt = Timestamp.Write(ticket.UpdatedAt),
        ResolvedAt = Timestamp.Write(ticket.ResolvedAt),
        ClosedAt = Timestamp.Write(ticket.ClosedAt),
    };

    public Ticket ToTicket() => new()
    {
        Tenant = Tenant,
        Id = Guid.Parse(Id, CultureInfo.InvariantCulture),
        Number = Number,
        Title = Title,
        Description = Description,
        Status = WireName.Parse<TicketStatus>(Status),
        Priority = WireName.Parse<TicketPriority>(Priority),
        CreatedBy = CreatedBy,
        Assignee = Assignee,
        Tags = JsonSerializer.Deserialize(Tags, WireJson.Default.IReadOnlyListString)!,
        DueAt = Timestamp.Read(DueAt),
        Version = (int)Version,
        CreatedAt = Timestamp.Read(CreatedAt)!.Value,
        UpdatedAt = Timestamp.Read(UpdatedAt)!.Value,
        ResolvedAt = Timestamp.Read(ResolvedAt),
        ClosedAt = Timestamp.Read(ClosedAt),
    };
}
