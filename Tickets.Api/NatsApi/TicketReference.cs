using System.Text.Json.Serialization;

namespace Tickets.Api.NatsApi;

/// <summary>Which ticket is asked for.</summary>
/// <param name="TicketId">The ticket.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TicketReference(Guid? TicketId);
