using Tickets.Api.DeadLetters;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Notifications;

namespace Tickets.Api.Description;

/// <summary>What answers look like.</summary>
internal static class Examples
{
    public static readonly Ticket Ticket = new()
    {
        Id = Guid.Parse("01a20978-145c-7870-9806-702ba80166d7"),
        Number = 7,
        Tenant = "acme",
        Title = "Printer on fire",
        Description = "It smokes.",
        Status = TicketStatus.InProgress,
        Priority = TicketPriority.High,
        CreatedBy = "ada",
        Assignee = "bob",
        Tags = ["hardware"],
        Version = 2,
        CreatedAt = At(0),
        UpdatedAt = At(5),
    };

    public static readonly Comment Comment = new()
    {
        Id = Guid.Parse("01a20978-3a6c-7d1e-8f00-1c2d3e4f5061"),
        TicketId = Ticket.Id,
        Tenant = "acme",
        Author = "bob",
        Body = "It is out.",
        CreatedAt = At(9),
    };

    public static readonly AuditRecorded Audit = new(
        Guid.Parse("01a20978-145d-7870-9806-702ba80166d8"),
        "acme",
        "ada",
        "ticket.created",
        At(0),
        Ticket.Id,
        1,
        Before: null,
        After: Ticket with { Version = 1, Status = TicketStatus.Open, UpdatedAt = At(0) },
        Door.Http,
        Guid.Parse("01a20978-145b-7870-9806-702ba80166d6"),
        "4bf92f3577b34da6a3ce929d0e0e4736");

    public static readonly Notification Notification = new(
        Guid.Parse("01a20978-145e-7870-9806-702ba80166d9"),
        Ticket.Id,
        NotificationReason.Assigned,
        "smtp",
        "bob",
        NotificationStatus.Delivered,
        At(5),
        At(6),
        Error: null);

    public static readonly LetterSummary Letter = new(
        53,
        "acme",
        "ticket.commands.acme.create",
        "ValidationException: created_by: is required",
        At(7),
        "TICKET_COMMANDS",
        4711,
        "ticket-workers",
        1,
        Guid.Parse("01a20978-145b-7870-9806-702ba80166da"),
        26,
        ReplayOf: null);

    public static readonly ReplayView Replay = new("pending", "replay:53:1795424820000", At(8), Outcome: null, DeadLetter: null);

    public static readonly LetterView LetterView = new(
        Letter,
        new Dictionary<string, string> { ["Actor"] = "ada" },
        """{"title":"Printer on fire"}""",
        BodyBase64: null,
        NotReplayable: null,
        Replay);

    private static DateTimeOffset At(int minute) => new(2026, 11, 23, 9, minute, 0, TimeSpan.Zero);
}
