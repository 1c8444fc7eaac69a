using System.Net.Mime;
using Tickets.Api.Commands;
using Tickets.Contracts.Commands;

namespace Tickets.Api.Routes;

/// <summary>Answers requests that write.</summary>
internal static class Outcomes
{
    /// <summary>The answer to what became of a command.</summary>
    /// <param name="result">What became of it.</param>
    /// <param name="write">The request.</param>
    /// <param name="response">Gets the headers.</param>
    /// <param name="succeeded">Adds the headers of a success, from its body.</param>
    public static IResult Answer(CommandResult result, Write write, HttpResponse response, Action<string>? succeeded = null)
    {
        if (write.Preference.AppliedTo(result) is { } applied)
        {
            response.Headers["Preference-Applied"] = applied;
        }

        switch (result)
        {
            case CommandResult.Answered { Outcome: var outcome } answered:
                if (answered.Replayed)
                {
                    response.Headers["Idempotency-Replayed"] = "true";
                }

                return Answer(outcome, succeeded);
            case CommandResult.Accepted accepted:
                return TypedResults.Accepted(OperationRoutes.PathOf(accepted.CommandId));
            case CommandResult.InFlight:
                return Problems.KeyInFlight(response);
            case CommandResult.KeyReused:
                return Problems.KeyReused();
            case CommandResult.Unknown unknown:
                return Problems.OutcomeUnknown(response, OperationRoutes.PathOf(unknown.CommandId));
            case CommandResult.TooLarge large:
                return Problems.TooLarge(large);
            case CommandResult.Overloaded:
                return Problems.Overloaded(response);
            default:
                return write.Request.Key is null ? Problems.Unavailable(response) : Problems.UnavailableForKey(response);
        }
    }

    private static IResult Answer(CommandOutcome outcome, Action<string>? succeeded)
    {
        if (outcome.Status >= CommandOutcome.FirstRefusal)
        {
            return TypedResults.Text(outcome.Body, MediaTypeNames.Application.ProblemJson, statusCode: outcome.Status);
        }

        succeeded?.Invoke(outcome.Body);
        return outcome.Status == StatusCodes.Status204NoContent
            ? TypedResults.NoContent()
            : TypedResults.Text(outcome.Body, MediaTypeNames.Application.Json, statusCode: outcome.Status);
    }
}
