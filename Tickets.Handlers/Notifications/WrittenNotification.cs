namespace Tickets.Handlers.Notifications;

/// <summary>A notification in words.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">The text.</param>
public sealed record WrittenNotification(string Subject, string Text);
