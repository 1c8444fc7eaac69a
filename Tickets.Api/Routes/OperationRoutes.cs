using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Commands;
using Tickets.Api.Description;
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
        Tenant tenant, string id, Ledger ledger, WaitingCommands waiting, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var commandId))
        {
            return Problems.OperationNotFound(id);
        }

        // A command leaves its stream once its row is committed: what is not there any longer may have been settled since the first look.
        var key = new CommandKey(tenant.Name, commandId);
        return await FindAsync(ledger, key, cancellation) is { } settled ? TypedResults.Ok(settled)
            : await waiting.MayHoldAsync(commandId, cancellation) ? TypedResults.Ok(Operation.Pending(commandId))
            : await FindAsync(ledger, key, cancellation) is { } settledMeanwhile ? TypedResults.Ok(settledMeanwhile)
            : Problems.OperationNotFound(id);
    }

    private static async Task<Operation?> FindAsync(Ledger ledger, CommandKey key, CancellationToken cancellation) =>
        await ledger.FindAsync(key, cancellation) is { } entry
            ? Operation.Of(key.CommandId, await ReplayedCommand.LatestAsync(ledger, key, entry, cancellation))
            : null;
}
