using Tickets.Contracts;
using Wolverine.Attributes;

namespace Tickets.Handlers.Units;

/// <summary>
/// The messages of one change, as one of the outbox. Only there: each is published by itself. See ADR 24.
/// </summary>
/// <param name="Messages">The messages in their order, two or more, with their identities.</param>
[MessageIdentity("ticket.event_bundle")]
public sealed record EventBundle(IReadOnlyList<(Guid Id, ITicketMessage Message)> Messages);
