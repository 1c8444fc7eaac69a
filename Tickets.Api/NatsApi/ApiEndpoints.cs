using Tickets.Api.Routes;
using Tickets.Contracts;
using Tickets.Contracts.Commands;

namespace Tickets.Api.NatsApi;

/// <summary>The table of what can be asked over NATS: the service and its description are made from it.</summary>
internal static class ApiEndpoints
{
    public static readonly ApiEndpoint Get = new("get", "Get a ticket", typeof(TicketReference), typeof(Ticket));

    public static readonly ApiEndpoint List = new("list", "List, filter and search tickets", typeof(Dictionary<string, object>), typeof(TicketList));

    /// <summary>Those that send a command and wait for its outcome.</summary>
    public static readonly IReadOnlyList<ApiEndpoint> Commands =
    [
        new(WireNames.Verbs[typeof(CreateTicket)], "Open a ticket", typeof(CreateTicket), typeof(Ticket)),
        new(WireNames.Verbs[typeof(UpdateTicket)], "Change a ticket", typeof(UpdateTicket), typeof(Ticket)),
        new(WireNames.Verbs[typeof(CommentOnTicket)], "Comment on a ticket", typeof(CommentOnTicket), typeof(Comment)),
        new(WireNames.Verbs[typeof(DeleteTicket)], "Remove a ticket", typeof(DeleteTicket), typeof(object)),
    ];

    public static IEnumerable<ApiEndpoint> All => [Get, List, .. Commands];
}
