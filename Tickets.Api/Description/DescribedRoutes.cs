using System.Net.Mime;
using Tickets.Api.Routes;
using Tickets.Contracts;

namespace Tickets.Api.Description;

/// <summary>Says about a route what its handler's signature does not say.</summary>
internal static class DescribedRoutes
{
    private static readonly DescribedParameter[] OfWrites =
    [
        DescribedParameter.Header("Idempotency-Key", "Of all requests with it one takes effect: the others get the first answer again, with `Idempotency-Replayed: true`.", "3f0c7a52"),
        DescribedParameter.Header("Prefer", "`respond-async` answers as soon as the command is durable; `wait=N` waits N seconds for its outcome, 30 at most. Default 5 seconds.", "wait=10"),
        DescribedParameter.Header(CommandHeaders.Actor, "Who acts.", "ada"),
    ];

    private static readonly DescribedParameter[] OfPages =
    [
        DescribedParameter.Query("limit", "1 to 200. Default 50.", "50"),
        DescribedParameter.Query(QueryValues.Page, "The `next_cursor` of the page before.", "AaIJ…"),
    ];

    /// <summary>What the route does, in a line.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string tag, string summary) =>
        route.WithTags(tag).WithSummary(summary).Refuses(DescribedProblem.Invalid, DescribedProblem.Unauthenticated, DescribedProblem.Forbidden, DescribedProblem.RateLimited);

    /// <summary>What it needs beside what its handler names.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params DescribedParameter[] parameters) =>
        route.WithMetadata([.. parameters]);

    /// <summary>How it refuses.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params DescribedProblem[] problems) =>
        route.WithMetadata([.. problems]);

    /// <summary>Which headers its answers have.</summary>
    public static RouteHandlerBuilder Returns(this RouteHandlerBuilder route, params DescribedHeader[] headers) =>
        route.WithMetadata([.. headers]);

    /// <summary>What it answers, with an example.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, int status, T example) =>
        route.Produces<T>(status).WithMetadata(new DescribedExample(status, example!));

    /// <summary>It sends a command and waits for it.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route) => route
        .Takes(OfWrites)
        .Returns(DescribedHeader.Replayed, DescribedHeader.Operation)
        .Produces(StatusCodes.Status202Accepted)
        .Refuses(DescribedProblem.KeyReused, DescribedProblem.Unavailable, DescribedProblem.OutcomeUnknown);

    /// <summary>It has a body.</summary>
    public static RouteHandlerBuilder WithBody<T>(this RouteHandlerBuilder route)
        where T : notnull => route
        .Accepts<T>(MediaTypeNames.Application.Json)
        .Refuses(DescribedProblem.TooLarge, DescribedProblem.MediaType);

    /// <summary>It goes to a version of a ticket.</summary>
    public static RouteHandlerBuilder ToVersion(this RouteHandlerBuilder route) => route
        .Takes(DescribedParameter.Header("If-Match", "The ETag of the version that is meant; without it, or with `*`, any.", "\"3\""))
        .Refuses(DescribedProblem.TicketNotFound, DescribedProblem.VersionConflict);

    /// <summary>It answers a page.</summary>
    public static RouteHandlerBuilder Pages(this RouteHandlerBuilder route) => route.Takes(OfPages).Returns(DescribedHeader.Link);
}
