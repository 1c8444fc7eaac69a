namespace Tickets.Handlers.Notifications;

/// <summary>A template that can't be used.</summary>
/// <param name="name">Its name or file.</param>
/// <param name="error">What is wrong with it, and where.</param>
public sealed class TemplateException(string name, string error) : Exception($"The template {name} can't be used: {error}");
