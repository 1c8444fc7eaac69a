using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using NATS.Client.Core;
using Tickets.Api.Access;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Routes;

/// <summary>
/// Turns what a route could not bind into a problem that names the field, and NATS or a database out of reach into a 503.
/// Everything else stays a plain 500.
/// </summary>
internal sealed class ExceptionProblems : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (ProblemOf(exception, context) is not { } problem)
        {
            return false;
        }

        if (problem.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            // Else what is still to come of the body would be waited for.
            context.Response.Headers.Connection = "close";
        }

        await problem.ExecuteAsync(context);
        return true;
    }

    private static ProblemHttpResult? ProblemOf(Exception exception, HttpContext context) => exception switch
    {
        InvalidHeaderException invalid => Problems.Of(
            StatusCodes.Status400BadRequest,
            invalid.Code,
            $"{invalid.Header} {invalid.Message}.",
            new Dictionary<string, string[]> { [invalid.Header] = [invalid.Message] }),
        InvalidQueryException invalid => Problems.Validation(invalid.Parameter, invalid.Message),
        ForbiddenException forbidden => Problems.Of(StatusCodes.Status403Forbidden, forbidden.Code, forbidden.Message),
        TicketNotFoundException missing => Problems.TicketNotFound(missing.Id),
        BadHttpRequestException { InnerException: JsonException json } => Problems.Validation(JsonFault.FieldOf(json), JsonFault.MessageOf(json)),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => Problems.Validation("body", JsonFault.Missing),
        BadHttpRequestException bad => TypedResults.Problem(statusCode: bad.StatusCode),
        IssuerUnavailableException unavailable => Problems.Unavailable(context.Response, unavailable.Message),
        NatsException or TimeoutException => Problems.Unavailable(context.Response),

        // So the NATS client ends what it can't send in time.
        OperationCanceledException when !context.RequestAborted.IsCancellationRequested => Problems.Unavailable(context.Response),
        _ when StorageFaults.MayPass(exception) => Problems.Unavailable(context.Response),
        _ => null,
    };
}
