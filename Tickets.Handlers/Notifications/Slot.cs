namespace Tickets.Handlers.Notifications;

/// <summary>The place of a reason at a ticket.</summary>
/// <param name="IsReserved">Whether it is this notification's.</param>
public sealed record Slot(bool IsReserved);
