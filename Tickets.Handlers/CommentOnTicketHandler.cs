using FluentValidation;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Adds a comment to a ticket.</summary>
public static class CommentOnTicketHandler
{
    private const int Created = 201;

    /// <summary>Commands on NATS have met no other check.</summary>
    /// <exception cref="ValidationException">The command breaks a rule; it is dead-lettered.</exception>
    public static void Validate(CommentOnTicket command) => CommentOnTicketValidator.Instance.ValidateAndThrow(command);

    /// <summary>The ticket as it is now.</summary>
    public static Task<Ticket?> LoadAsync(
        CommentOnTicket command, CommandContext context, TicketQueries tickets, CancellationToken cancellation) =>
        tickets.LoadAsync(context.Tenant, command.TicketId!.Value, cancellation);

    /// <summary>Decides.</summary>
    public static Decision Handle(CommentOnTicket command, Ticket? ticket, CommandContext context)
    {
        if (context.Refuse(command, ticket) is { } refused)
        {
            return refused;
        }

        var comment = new Comment
        {
            Id = TimedId.New(context.Now),
            TicketId = ticket!.Id,
            Tenant = context.Tenant,
            Author = command.Author!.Trim(),
            Body = command.Body!,
            CreatedAt = context.Now,
        };
        var commented = new TicketCommented(ticket, comment, context.ActorOr(comment.Author));
        var audit = TicketAudit.Of(commented, ticket, ticket, commented.Actor, context) with { Comment = comment };
        return new Decision(context, Created, comment, [new InsertComment(comment, ticket.Version), new AppendAudit(audit)], [commented, audit]);
    }
}
