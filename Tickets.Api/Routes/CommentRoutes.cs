using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Commands;
using Tickets.Api.Description;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers;
using Tickets.Handlers.Records;

namespace Tickets.Api.Routes;

/// <summary>The routes of a ticket's comments.</summary>
internal static class CommentRoutes
{
    public static void MapComments(this IEndpointRouteBuilder app)
    {
        var comments = app.MapGroup(TicketRoutes.Path + "/{id}/comments");
        comments.MapPost("/", CreateAsync).Describe(TicketRoutes.Tag, "Comment on a ticket")
            .Writes().WithBody<CommentOnTicket>().ToVersion().Answers(StatusCodes.Status201Created, Examples.Comment).Refuses(DescribedProblem.InFlight);
        comments.MapGet("/", ListAsync).Describe(TicketRoutes.Tag, "List a ticket's comments, oldest first")
            .Pages().Answers(StatusCodes.Status200OK, new Page<Comment>([Examples.Comment], null)).Refuses(DescribedProblem.TicketNotFound);
    }

    private static async Task<IResult> CreateAsync(
        Write write, string id, Body<CommentOnTicket> body, IdempotentSender commands, HttpContext http, CancellationToken cancellation)
    {
        if (Problems.OfBody(body.Value) is { } misplaced)
        {
            return misplaced;
        }

        var command = body.Value with { TicketId = TicketId.Read(id), IfVersion = EntityTag.Wanted(http.Request) };
        if (await CommentOnTicketValidator.Instance.ValidateAsync(command, cancellation) is { IsValid: false } invalid)
        {
            return Problems.Validation(invalid);
        }

        return Outcomes.Answer(await commands.SendAsync(command, write.Request, cancellation), write, http.Response);
    }

    private static async Task<Results<Ok<Page<Comment>>, ProblemHttpResult>> ListAsync(
        Tenant tenant,
        string id,
        PageRequest page,
        TicketQueries tickets,
        CommentQueries comments,
        HttpResponse response,
        CancellationToken cancellation)
    {
        var ticketId = TicketId.Read(id);
        if (await tickets.FindAsync(tenant.Name, ticketId, cancellation) is null)
        {
            return Problems.TicketNotFound(id);
        }

        var found = await comments.ListAsync(tenant.Name, ticketId, page.After, page.Limit + 1, cancellation);
        return TypedResults.Ok(page.Cut(found, comment => comment.Id, response));
    }
}
