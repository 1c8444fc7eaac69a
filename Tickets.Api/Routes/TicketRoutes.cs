using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Commands;
using Tickets.Api.Description;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers;
using Tickets.Handlers.Records;
using Tickets.Handlers.Records.Search;

namespace Tickets.Api.Routes;

/// <summary>The routes of tickets.</summary>
internal static class TicketRoutes
{
    public const string Path = "/api/v1/tickets";
    public const string Tag = "Tickets";

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup(Path);
        tickets.MapPost("/", CreateAsync).Describe(Tag, "Open a ticket")
            .Writes().WithBody<CreateTicket>().Answers(StatusCodes.Status201Created, Examples.Ticket).Refuses(DescribedProblem.InFlight)
            .Returns(DescribedHeader.ETag(StatusCodes.Status201Created), DescribedHeader.LocationOf(PathOf(Examples.Ticket.Id), StatusCodes.Status201Created));
        tickets.MapGet("/", ListAsync).Describe(Tag, "List, filter and search tickets")
            .Takes(TicketQuery.Parameters).Pages().Answers(StatusCodes.Status200OK, new TicketList([Examples.Ticket], "AaIJ…"));
        tickets.MapGet("/{id}", GetAsync).Describe(Tag, "Get a ticket")
            .Takes(DescribedParameter.Header("If-None-Match", "The ETag of the ticket that the client has.", "\"2\""))
            .Answers(StatusCodes.Status200OK, Examples.Ticket).Produces(StatusCodes.Status304NotModified).Refuses(DescribedProblem.TicketNotFound)
            .Returns(DescribedHeader.ETag(StatusCodes.Status200OK, StatusCodes.Status304NotModified));
        tickets.MapPatch("/{id}", UpdateAsync).Describe(Tag, "Change a ticket by a JSON merge patch")
            .Writes().WithBody<UpdateTicket>().ToVersion().Answers(StatusCodes.Status200OK, Examples.Ticket).Refuses(DescribedProblem.InvalidTransition)
            .Returns(DescribedHeader.ETag(StatusCodes.Status200OK));
        tickets.MapDelete("/{id}", DeleteAsync).Describe(Tag, "Remove a ticket")
            .Writes().ToVersion().Produces(StatusCodes.Status204NoContent).Refuses(DescribedProblem.InFlight);
    }

    public static string PathOf(Guid id) => $"{Path}/{id}";

    private static async Task<IResult> CreateAsync(
        Write write, Body<CreateTicket> body, IdempotentSender commands, HttpResponse response, CancellationToken cancellation)
    {
        var command = body.Value;
        if (await CreateTicketValidator.Instance.ValidateAsync(command, cancellation) is { IsValid: false } invalid)
        {
            return Problems.Validation(invalid);
        }

        return Outcomes.Answer(await commands.SendAsync(command, write.Request, cancellation), write, response, outcome =>
        {
            var ticket = TicketIn(outcome);
            response.Headers.ETag = EntityTag.Of(ticket);
            response.Headers.Location = PathOf(ticket.Id);
        });
    }

    private static async Task<IResult> UpdateAsync(
        Write write, string id, Body<UpdateTicket> patch, IdempotentSender commands, HttpContext http, CancellationToken cancellation)
    {
        if (Problems.OfBody(patch.Value) is { } misplaced)
        {
            return misplaced;
        }

        var command = patch.Value with { TicketId = TicketId.Read(id), IfVersion = EntityTag.Wanted(http.Request) };
        if (await UpdateTicketValidator.Instance.ValidateAsync(command, cancellation) is { IsValid: false } invalid)
        {
            return Problems.Validation(invalid);
        }

        return Outcomes.Answer(
            await commands.SendAsync(command, write.Request, cancellation),
            write,
            http.Response,
            body => http.Response.Headers.ETag = EntityTag.Of(TicketIn(body)));
    }

    private static async Task<IResult> DeleteAsync(
        Write write, string id, IdempotentSender commands, HttpContext http, CancellationToken cancellation)
    {
        var command = new DeleteTicket { TicketId = TicketId.Read(id), IfVersion = EntityTag.Wanted(http.Request) };
        return Outcomes.Answer(await commands.SendAsync(command, write.Request, cancellation), write, http.Response);
    }

    private static Ticket TicketIn(string body) => JsonSerializer.Deserialize(body, WireJson.Default.Ticket)!;

    private static async Task<Ok<TicketList>> ListAsync(
        Tenant tenant, TicketQuery query, TicketSearches tickets, HttpResponse response, CancellationToken cancellation)
    {
        var page = await tickets.FindAsync(tenant.Name, query.Search, cancellation);
        var next = page.Next?.ToString();
        if (next is not null)
        {
            response.LinkNext(next);
        }

        return TypedResults.Ok(new TicketList(page.Tickets, next));
    }

    private static async Task<Results<Ok<Ticket>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        Tenant tenant, string id, TicketQueries tickets, HttpContext http, CancellationToken cancellation)
    {
        if (await tickets.FindAsync(tenant.Name, TicketId.Read(id), cancellation) is not { } ticket)
        {
            return Problems.TicketNotFound(id);
        }

        http.Response.Headers.ETag = EntityTag.Of(ticket);
        return EntityTag.IsKnown(http.Request, ticket)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(ticket);
    }
}
