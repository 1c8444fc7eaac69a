namespace Tickets.Handlers.Notifications;

/// <summary>A name that leads where nothing may be posted.</summary>
/// <param name="fault">Why not, to be read after "it".</param>
public sealed class ForbiddenAddressException(string fault) : Exception($"its address {fault}");
