using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Why a command to a ticket is refused.</summary>
internal static class TicketProblems
{
    private const int Missing = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;

    /// <summary>The refusal that any command to this ticket would meet; null when there is none.</summary>
    public static Decision? Refuse(this CommandContext context, ITicketCommand command, Ticket? ticket)
    {
        if (ticket is null)
        {
            return context.Refused(NotFound(command.TicketId));
        }

        return command.IfVersion is { } wanted && wanted != ticket.Version
            ? context.Refused(StaleVersion(wanted, ticket.Version))
            : null;
    }

    /// <summary>A decision that changes nothing and says why.</summary>
    public static Decision Refused(this CommandContext context, Problem problem) =>
        new(context, problem.Status, problem with { TraceId = context.TraceId }, [], []);

    public static Problem InvalidTransition(TicketStatus from, TicketStatus to) => new(
        Conflict,
        ProblemCodes.InvalidTransition,
        "Conflict",
        $"A ticket that is {WireName.Of(from)} can't become {WireName.Of(to)}.")
    { Allowed = TicketLife.AllowedFrom(from) };

    private static Problem NotFound(Guid? ticketId) =>
        new(Missing, ProblemCodes.TicketNotFound, "Not Found", $"There is no ticket '{ticketId}'.");

    private static Problem StaleVersion(int wanted, int actual) => new(
        PreconditionFailed,
        ProblemCodes.VersionConflict,
        "Precondition Failed",
        $"The ticket has version {actual}, {(wanted == ITicketCommand.NoVersion ? "and no such tag" : $"not {wanted}")}. Read it again and decide anew.")
    { Version = actual };
}
