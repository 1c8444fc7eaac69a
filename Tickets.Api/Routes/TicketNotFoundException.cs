namespace Tickets.Api.Routes;

/// <summary>An address that names no ticket.</summary>
/// <param name="id">What stands where the ticket's id should.</param>
public sealed class TicketNotFoundException(string id) : Exception($"There is no ticket '{id}'.")
{
    /// <summary>What stands where the ticket's id should.</summary>
    public string Id { get; } = id;
}
