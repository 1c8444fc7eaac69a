using System.Text.Json;

namespace Tickets.Faults.Ledger;

/// <summary>What the check needs of an event; there may be millions of them.</summary>
/// <param name="Type">Its subject.</param>
/// <param name="Id">Its <c>ce-id</c>; a copy has the same.</param>
/// <param name="Tenant">Its header.</param>
/// <param name="Of">Which change it tells of.</param>
/// <param name="TicketTenant">Whose ticket its body holds; null when it holds none.</param>
/// <param name="AuditId">The id of the audit record that it is; null when it is none.</param>
public sealed record LoggedEvent(string Type, string Id, string Tenant, Change Of, string? TicketTenant, string? AuditId)
{
    /// <summary>Whether it tells of a ticket.</summary>
    public bool IsOfTicket => Type.StartsWith("ticket.", StringComparison.Ordinal);

    /// <summary>Reads one.</summary>
    public static LoggedEvent Read(string subject, string id, string tenant, byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var ticket = root.TryGetProperty("ticket", out var found) ? found : default;
        var isOfTicket = ticket.ValueKind == JsonValueKind.Object;
        var change = new Change(
            (isOfTicket ? ticket.GetProperty("id") : root.GetProperty("ticket_id")).GetString()!,
            root.TryGetProperty("version", out var version) ? version.GetInt32() : 0,
            root.TryGetProperty("comment", out var comment) ? comment.GetProperty("id").GetString() : null);
        return new LoggedEvent(
            string.Intern(subject),
            id,
            string.Intern(tenant),
            change,
            isOfTicket ? string.Intern(ticket.GetProperty("tenant").GetString()!) : null,
            subject == "audit.recorded" ? root.GetProperty("id").GetString() : null);
    }
}
