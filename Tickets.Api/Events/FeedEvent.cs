namespace Tickets.Api.Events;

/// <summary>An event as it stands in the stream.</summary>
/// <param name="Sequence">Its place in the stream, from 1.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Type">Its wire name, such as <c>ticket.created</c>.</param>
/// <param name="Json">Its body.</param>
public sealed record FeedEvent(ulong Sequence, string Tenant, string Type, string Json);
