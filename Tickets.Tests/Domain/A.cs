using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Handlers;
using Tickets.Handlers.Notifications;

namespace Tickets.Tests.Domain;

/// <summary>What tests of decisions begin with.</summary>
internal static class A
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static readonly CommandContext Command = new("acme", Guid.NewGuid(), Actor: "ada", Door.Http, TraceId: "abc", Now);

    public static readonly NotificationRules Rules = new(new NotificationOptions());

    public static readonly Ticket Ticket = new()
    {
        Id = Guid.CreateVersion7(Now),
        Number = 7,
        Tenant = "acme",
        Title = "Printer",
        Description = "It smokes.",
        Status = TicketStatus.Open,
        Priority = TicketPriority.Medium,
        CreatedBy = "ada",
        Tags = ["hardware"],
        Version = 3,
        CreatedAt = Now.AddHours(-2),
        UpdatedAt = Now.AddHours(-1),
    };
}
