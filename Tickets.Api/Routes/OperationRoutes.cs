using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Description;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Api.Routes;

/// <summary>What became of commands that nobody waited for.</summary>
internal static class OperationRoutes
{
    private const string Path = "/api/v1/operations";

    public static void MapOperations(this IEndpointRouteBuilder app) => app
        .MapGet(Path + "/{id}", GetAsync).Describe("Operations", "What became of a command that nobody waited for")
        .Answers(StatusCodes.Status200OK, Operation.Pending(Examples.Audit.CommandId)).Refuses(DescribedProblem.OperationNotFound);

    public static string PathOf(Guid commandId) => $"{Path}/{commandId}";

    private static async Task<Results<Ok<Operation>, ProblemHttpResult>> GetAsync(
        Tenant tenant, string id, Ledger ledger, RetentionOptions retention, TimeProvider clock, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var commandId))
        {
            return Problems.OperationNotFound(id);
        }

        var key = new CommandKey(tenant.Name, commandId);
        if (await ledger.FindAsync(key, cancellation) is { } entry)
        {
            return TypedResults.Ok(Operation.Of(commandId, await ReplayedCommand.LatestAsync(ledger, key, entry, cancellation)));
        }

        return MayWait(commandId, retention.Ledger, clock)
            ? TypedResults.Ok(Operation.Pending(commandId))
            : Problems.OperationNotFound(id);
    }

    // The queue can't be asked for one command, and keeps it for as long as it takes. Ids that we gave tell when (RFC 9562,
    // version 7): what is older than the ledger remembers is no operation. One that follows from a place in the stream
    // (version 8), or from a key in earlier versions, does not tell, so as long as nothing is known of it, it may wait. Nobody here makes any other.
    private static bool MayWait(Guid id, TimeSpan? remembered, TimeProvider clock) =>
        HashedId.IsOne(id) || (TimedId.TimeOf(id) is { } made && (remembered is null || (clock.GetUtcNow() - made).Duration() < remembered));
}
