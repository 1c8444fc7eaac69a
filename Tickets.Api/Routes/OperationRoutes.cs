using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Description;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Api.Routes;

/// <summary>What became of commands that nobody waited for.</summary>
internal static class OperationRoutes
{
    private const string Path = "/api/v1/operations";
    private static readonly TimeSpan LongestPending = TimeSpan.FromDays(1);

    public static void MapOperations(this IEndpointRouteBuilder app) => app
        .MapGet(Path + "/{id}", GetAsync).Describe("Operations", "What became of a command that nobody waited for")
        .Answers(StatusCodes.Status200OK, Operation.Pending(Examples.Audit.CommandId)).Refuses(DescribedProblem.OperationNotFound);

    public static string PathOf(Guid commandId) => $"{Path}/{commandId}";

    private static async Task<Results<Ok<Operation>, ProblemHttpResult>> GetAsync(
        Tenant tenant, string id, Ledger ledger, TimeProvider clock, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var commandId))
        {
            return Problems.OperationNotFound(id);
        }

        var key = new CommandKey(tenant.Name, commandId);
        var entry = await ledger.FindAsync(key, cancellation);
        if (entry is { TookEffect: false })
        {
            // If it was given up, an operator may have replayed it since.
            entry = await new ReplayedCommand(ledger, key).FindAsync(cancellation) ?? entry;
        }

        if (entry is not null)
        {
            return TypedResults.Ok(Operation.Of(commandId, entry));
        }

        return IsRecent(commandId, clock)
            ? TypedResults.Ok(Operation.Pending(commandId))
            : Problems.OperationNotFound(id);
    }

    // The queue can't be asked for one command. Ids that we gave carry their time (RFC 9562, version 7); an old or
    // foreign id that left no trace is no operation.
    private static bool IsRecent(Guid id, TimeProvider clock) =>
        TimedId.TimeOf(id) is { } made && (clock.GetUtcNow() - made).Duration() < LongestPending;
}
