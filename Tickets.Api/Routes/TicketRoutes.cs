using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers;
using Tickets.Handlers.Records;

namespace Tickets.Api.Routes;

/// <summary>The routes of tickets.</summary>
internal static class TicketRoutes
{
    private const string Path = "/api/v1/tickets";
    private const int DefaultLimit = 50;
    private const int LargestLimit = 200;

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup(Path);
        tickets.MapPost("/", CreateAsync);
        tickets.MapGet("/", ListAsync);
        tickets.MapGet("/{id}", GetAsync);
    }

    private static async Task<Results<Created<Ticket>, Accepted, ProblemHttpResult>> CreateAsync(
        Tenant tenant,
        Preference preference,
        CreateTicket command,
        CommandSender commands,
        HttpResponse response,
        CancellationToken cancellation)
    {
        if (await CreateTicketValidator.Instance.ValidateAsync(command, cancellation) is { IsValid: false } invalid)
        {
            return Problems.Validation(invalid);
        }

        if (preference.Applied is { } applied)
        {
            response.Headers["Preference-Applied"] = applied;
        }

        return await commands.SendAsync(command, tenant.Name, preference.Wait, cancellation) switch
        {
            CommandResult.Answered { Outcome: { Status: StatusCodes.Status201Created } outcome } => Created(outcome, response),
            CommandResult.Accepted accepted => TypedResults.Accepted(OperationRoutes.PathOf(accepted.CommandId)),
            _ => Problems.Unavailable(response),
        };
    }

    private static Created<Ticket> Created(CommandOutcome outcome, HttpResponse response)
    {
        var ticket = JsonSerializer.Deserialize(outcome.Body, WireJson.Default.Ticket)!;
        response.Headers.ETag = ETagOf(ticket);
        return TypedResults.Created($"{Path}/{ticket.Id}", ticket);
    }

    private static async Task<Results<Ok<TicketPage>, ProblemHttpResult>> ListAsync(
        Tenant tenant, TicketQueries tickets, HttpContext http, int? limit, string? cursor, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestLimit)
        {
            return Problems.Validation("limit", $"must be 1 to {LargestLimit}");
        }

        if (!Cursor.TryRead(cursor, out var before))
        {
            return Problems.Validation("cursor", "is not one that this service gave");
        }

        var size = limit ?? DefaultLimit;
        var found = await tickets.ListAsync(tenant.Name, before, size + 1, cancellation);
        var page = found.Count > size ? [.. found.Take(size)] : found;
        var next = found.Count > size ? Cursor.Write(page[^1].Id) : null;
        if (next is not null)
        {
            http.Response.Headers.Link = $"<{Path}?limit={size}&cursor={next}>; rel=\"next\"";
        }

        return TypedResults.Ok(new TicketPage(page, next));
    }

    private static async Task<Results<Ok<Ticket>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        Tenant tenant, string id, TicketQueries tickets, HttpContext http, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var ticketId) || await tickets.FindAsync(tenant.Name, ticketId, cancellation) is not { } ticket)
        {
            return Problems.TicketNotFound(id);
        }

        http.Response.Headers.ETag = ETagOf(ticket);
        return http.Request.Headers.IfNoneMatch.Contains(ETagOf(ticket))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(ticket);
    }

    private static string ETagOf(Ticket ticket) => $"\"{ticket.Version}\"";
}
