using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>A notification in words.</summary>
/// <param name="Request">What is told.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The text.</param>
public sealed record WrittenNotification(NotificationRequested Request, string Subject, string Text);
