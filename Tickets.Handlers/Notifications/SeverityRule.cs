using System.Text.RegularExpressions;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// Asks for a notification when a ticket becomes severe: by priority <c>critical</c>, or by the whole word "critical"
/// or "major" in its title or description. A ticket that was severe before does not ask again.
/// </summary>
public static partial class SeverityRule
{
    /// <summary>What a change asks for.</summary>
    /// <param name="before">The ticket before the change; null when it is new.</param>
    /// <param name="after">The ticket after the change.</param>
    public static IEnumerable<NotificationRequested> Apply(Ticket? before, Ticket after)
    {
        if (IsSevere(after) && (before is null || !IsSevere(before)))
        {
            yield return new NotificationRequested(Guid.CreateVersion7(after.UpdatedAt), NotificationReason.Severe, after);
        }
    }

    /// <summary>Whether a ticket is severe.</summary>
    public static bool IsSevere(Ticket ticket) =>
        ticket.Priority == TicketPriority.Critical
        || SevereWord().IsMatch(ticket.Title)
        || (ticket.Description is not null && SevereWord().IsMatch(ticket.Description));

    [GeneratedRegex(@"\b(critical|major)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SevereWord();
}
