using Tickets.Contracts.Commands;

namespace Tickets.Handlers;

/// <summary>
/// Middleware that lets the commands of one ticket run one after another in this process: each decides on what the one
/// before has stored. Between processes the version check of the store does that, at the price of a retry.
/// </summary>
public static class TicketTurn
{
    /// <summary>Wolverine calls it before the ticket is loaded.</summary>
    public static async Task<TicketTurns.Turn> BeforeAsync(
        ITicketCommand command, CommandContext context, TicketTurns turns, CancellationToken cancellation) =>
        await turns.TakeAsync(context.Tenant, command.TicketId.GetValueOrDefault(), cancellation);

    /// <summary>Wolverine calls it when the handler has ended, in whichever way.</summary>
    public static void Finally(TicketTurns.Turn turn) => turn.Dispose();
}
