using System.Text.Json;

namespace Tickets.Tests.Load;

/// <summary>An event as a consumer of the stream meets it.</summary>
/// <param name="Type">Its subject.</param>
/// <param name="Id">Its <c>ce-id</c>; a copy has the same.</param>
/// <param name="Tenant">Its header.</param>
/// <param name="Body">Its body.</param>
public sealed record LoggedEvent(string Type, string Id, string Tenant, JsonElement Body)
{
    public string TicketId => Type == "audit.recorded" ? Text("ticket_id") : Body.GetProperty("ticket").GetProperty("id").GetString()!;

    public string Text(string property) => Body.GetProperty(property).GetString()!;
}
