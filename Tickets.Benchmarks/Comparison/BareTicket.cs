using System.Text;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Contracts.Notifications;

namespace Tickets.Benchmarks.Comparison;

/// <summary>A new ticket and what it causes, of the same size as the service's own.</summary>
internal sealed class BareTicket
{
    /// <summary>What a client sends.</summary>
    public const string Body =
        """{"title": "bench", "description": "A ticket of about the size that people write.", "priority": "critical", "created_by": "bench"}""";

    private BareTicket(Ticket ticket)
    {
        Ticket = ticket;
        Json = JsonSerializer.Serialize(ticket, WireJson.Default.Ticket);
        Events =
        [
            (Name<TicketCreated>(), Of(new TicketCreated(ticket, ticket.CreatedBy), WireJson.Default.TicketCreated)),
            (Name<AuditRecorded>(), Of(Audit(ticket), WireJson.Default.AuditRecorded)),
            (Name<NotificationRequested>(), Of(new NotificationRequested(Guid.CreateVersion7(), NotificationReason.Severe, "log", null, ticket, ticket.CreatedBy), WireJson.Default.NotificationRequested)),
        ];
    }

    public Ticket Ticket { get; }

    public string Json { get; }

    /// <summary>The subject and the body of each event.</summary>
    public IReadOnlyList<(string Subject, byte[] Body)> Events { get; }

    /// <summary>Reads a request.</summary>
    public static BareTicket Of(byte[] request) => Of(JsonSerializer.Deserialize(request, WireJson.Default.CreateTicket)!);

    /// <summary>A ticket with the usual body.</summary>
    public static BareTicket New() => Of(Encoding.UTF8.GetBytes(Body));

    private static BareTicket Of(CreateTicket command)
    {
        var now = DateTimeOffset.UtcNow;
        return new BareTicket(new Ticket
        {
            Id = Guid.CreateVersion7(now),
            Tenant = "bench",
            Title = command.Title!,
            Description = command.Description,
            Status = TicketStatus.Open,
            Priority = command.Priority ?? TicketPriority.Medium,
            CreatedBy = command.CreatedBy!,
            Tags = [],
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }

    private static AuditRecorded Audit(Ticket ticket) => new(
        Guid.CreateVersion7(), ticket.Tenant, ticket.CreatedBy, Name<TicketCreated>(), ticket.CreatedAt, ticket.Id, 1, null, ticket, Door.Nats, Guid.NewGuid(), null);

    private static string Name<T>() => WireNames.Events[typeof(T)];

    private static byte[] Of<T>(T message, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(message, type);
}
