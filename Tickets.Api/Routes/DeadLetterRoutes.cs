using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Access;
using Tickets.Api.DeadLetters;
using Tickets.Api.Description;

namespace Tickets.Api.Routes;

/// <summary>What could not be handled, for whoever looks after a tenant.</summary>
internal static class DeadLetterRoutes
{
    private const string Path = "/api/v1/dead-letters";
    private const string Tag = "Dead letters";

    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        var letters = app.MapGroup(Path).Needs(Scopes.Operator);
        letters.MapGet("/", ListAsync).Describe(Tag, "List what could not be handled, oldest first")
            .Takes(LetterQuery.Parameters).Pages().Answers(StatusCodes.Status200OK, new Page<LetterSummary>([Examples.Letter], "53"))
            .Refuses(DescribedProblem.Unavailable);
        letters.MapGet("/{sequence}", GetAsync).Describe(Tag, "Get a dead letter, and what has come of it")
            .Answers(StatusCodes.Status200OK, Examples.LetterView).Refuses(DescribedProblem.DeadLetterNotFound, DescribedProblem.Unavailable);
        letters.MapPost("/{sequence}/replay", ReplayAsync).Describe(Tag, "Replay a dead letter; however often, it takes effect once")
            .Answers(StatusCodes.Status202Accepted, Examples.Replay).Answers(StatusCodes.Status200OK, Examples.Replay)
            .Returns(DescribedHeader.LocationOf($"{Path}/42", StatusCodes.Status202Accepted))
            .Refuses(DescribedProblem.DeadLetterNotFound, DescribedProblem.NotReplayable, DescribedProblem.Unavailable);
        letters.MapDelete("/{sequence}", DiscardAsync).Describe(Tag, "Discard a dead letter for good")
            .Produces(StatusCodes.Status204NoContent).Refuses(DescribedProblem.DeadLetterNotFound, DescribedProblem.Unavailable);
    }

    private static async Task<Ok<Page<LetterSummary>>> ListAsync(
        Tenant tenant, LetterQuery query, LetterSearches letters, HttpResponse response, CancellationToken cancellation)
    {
        var page = await letters.FindAsync(query.Filter with { Tenant = tenant.Name }, query.After, query.Limit, cancellation);
        var next = page.Next?.ToString(CultureInfo.InvariantCulture);
        if (next is not null)
        {
            response.LinkNext(next);
        }

        return TypedResults.Ok(new Page<LetterSummary>([.. page.Letters.Select(LetterSummary.Of)], next));
    }

    private static async Task<Results<Ok<LetterView>, ProblemHttpResult>> GetAsync(
        Tenant tenant, string sequence, LetterStream letters, DeadLetterDesk desk, CancellationToken cancellation) =>
        await FindAsync(tenant, sequence, letters, cancellation) is { } letter
            ? TypedResults.Ok(LetterView.Of(letter, await desk.FateAsync(letter, cancellation), desk.Fault(letter)))
            : Problems.DeadLetterNotFound(sequence);

    private static async Task<Results<Accepted<ReplayView>, Ok<ReplayView>, ProblemHttpResult>> ReplayAsync(
        Tenant tenant, string sequence, LetterStream letters, DeadLetterDesk desk, CancellationToken cancellation)
    {
        if (await FindAsync(tenant, sequence, letters, cancellation) is not { } letter)
        {
            return Problems.DeadLetterNotFound(sequence);
        }

        return await desk.ReplayAsync(letter, cancellation) switch
        {
            ReplayResult.Sent sent => TypedResults.Accepted($"{Path}/{letter.Sequence}", ReplayView.Of(sent.Replay)),
            ReplayResult.Done done => TypedResults.Ok(ReplayView.Of(done.Replay)),
            ReplayResult.Refused refused => Problems.NotReplayable(refused.Reason),
            var other => throw new InvalidOperationException($"A replay can't end as {other}."),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(
        Tenant tenant, string sequence, LetterStream letters, DeadLetterDesk desk, CancellationToken cancellation) =>
        await FindAsync(tenant, sequence, letters, cancellation) is { } letter && await desk.DiscardAsync(letter, cancellation)
            ? TypedResults.NoContent()
            : Problems.DeadLetterNotFound(sequence);

    // Another tenant's is no different from none.
    private static async Task<Letter?> FindAsync(Tenant tenant, string sequence, LetterStream letters, CancellationToken cancellation) =>
        ulong.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        && await letters.FindAsync(number, cancellation) is { } letter && letter.Tenant == tenant.Name
            ? letter
            : null;
}
