using System.Globalization;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Tickets.Api.Routes;

/// <summary>Errors as <c>application/problem+json</c> (RFC 9457) with a stable <c>code</c>.</summary>
internal static class Problems
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static ProblemHttpResult Validation(IDictionary<string, string[]> errors) => Of(
        StatusCodes.Status400BadRequest, "validation_failed", "The request breaks a rule.", errors);

    public static ProblemHttpResult Validation(string field, string error) =>
        Validation(new Dictionary<string, string[]> { [field] = [error] });

    public static ProblemHttpResult Validation(ValidationResult result) => Validation(result.ToDictionary());

    public static ProblemHttpResult TicketNotFound(string id) =>
        Of(StatusCodes.Status404NotFound, "ticket_not_found", $"There is no ticket '{id}'.");

    public static ProblemHttpResult OperationNotFound(string id) =>
        Of(StatusCodes.Status404NotFound, "operation_not_found", $"There is no operation '{id}'.");

    public static ProblemHttpResult Unavailable(HttpResponse response)
    {
        response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Of(
            StatusCodes.Status503ServiceUnavailable, "unavailable", "NATS or the database is out of reach. Nothing was accepted; try again.");
    }

    public static ProblemHttpResult Of(int status, string code, string detail, IDictionary<string, string[]>? errors = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (errors is not null)
        {
            extensions["errors"] = errors;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }
}
