using System.Globalization;
using System.Threading.RateLimiting;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Commands;
using Tickets.Contracts;
using Tickets.Contracts.Commands;

namespace Tickets.Api.Routes;

/// <summary>Errors as <c>application/problem+json</c> (RFC 9457) with a stable <c>code</c>.</summary>
internal static class Problems
{
    private const string NothingAnswers = "NATS or the database is out of reach.";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static ProblemHttpResult Validation(IDictionary<string, string[]> errors) => Of(
        StatusCodes.Status400BadRequest, ProblemCodes.ValidationFailed, "The request breaks a rule.", errors);

    public static ProblemHttpResult Validation(string field, string error) =>
        Validation(new Dictionary<string, string[]> { [field] = [error] });

    public static ProblemHttpResult Validation(ValidationResult result) => Validation(result.ToDictionary());

    public static ProblemHttpResult TicketNotFound(string id) =>
        Of(StatusCodes.Status404NotFound, ProblemCodes.TicketNotFound, $"There is no ticket '{id}'.");

    public static ProblemHttpResult OperationNotFound(string id) =>
        Of(StatusCodes.Status404NotFound, ProblemCodes.OperationNotFound, $"There is no operation '{id}'.");

    public static ProblemHttpResult DeadLetterNotFound(string sequence) =>
        Of(StatusCodes.Status404NotFound, ProblemCodes.DeadLetterNotFound, $"There is no dead letter '{sequence}'.");

    public static ProblemHttpResult NotReplayable(string reason) =>
        Of(StatusCodes.Status409Conflict, ProblemCodes.NotReplayable, $"The dead letter can't be replayed: it {reason}.");

    public static ProblemHttpResult KeyInFlight(HttpResponse response) => Later(
        response, StatusCodes.Status409Conflict, ProblemCodes.RequestInFlight, "An earlier request with this Idempotency-Key has no answer yet; try again.");

    public static ProblemHttpResult KeyReused() => Of(
        StatusCodes.Status422UnprocessableEntity,
        ProblemCodes.IdempotencyKeyReused,
        "An earlier request with this Idempotency-Key had another body. Use a new key for a new request.");

    /// <summary>NATS does not take it. Its limit is the operator's, and is not known here.</summary>
    public static ProblemHttpResult TooLarge(CommandResult.TooLarge large) => TypedResults.Problem(
        large.Detail,
        statusCode: StatusCodes.Status413PayloadTooLarge,
        extensions: new Dictionary<string, object?> { ["code"] = ProblemCodes.PayloadTooLarge, ["size"] = large.Bytes });

    /// <summary>The problem of a body that says what the address and the headers say; null when it does not.</summary>
    public static ProblemHttpResult? OfBody(ITicketCommand command) =>
        command.TicketId is not null ? Validation("ticket_id", "does not belong in the body; the address names the ticket")
        : command.IfVersion is not null ? Validation("if_version", "does not belong in the body; send If-Match")
        : null;

    public static ProblemHttpResult Unavailable(HttpResponse response, string fault = NothingAnswers, string consequence = "Nothing was accepted; try again.") =>
        Later(response, StatusCodes.Status503ServiceUnavailable, ProblemCodes.Unavailable, $"{fault} {consequence}");

    /// <summary>A request with a key was not accepted.</summary>
    public static ProblemHttpResult UnavailableForKey(HttpResponse response) => Unavailable(
        response, consequence: "This request was not accepted; an earlier one with its Idempotency-Key may still take effect. Repeat it with the same key.");

    /// <summary>It may have been accepted, or not.</summary>
    public static ProblemHttpResult OutcomeUnknown(HttpResponse response, string operation)
    {
        response.Headers.Location = operation;
        return Later(
            response,
            StatusCodes.Status504GatewayTimeout,
            ProblemCodes.OutcomeUnknown,
            "NATS and the database are out of reach, so nobody knows yet whether it takes effect. Ask at Location, or repeat it with the same Idempotency-Key.");
    }

    /// <summary>The service does not answer now.</summary>
    /// <param name="response">The response.</param>
    /// <param name="reason">Why; null where that is not told.</param>
    public static ProblemHttpResult Closed(HttpResponse response, string? reason) => Later(
        response,
        StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.NotReady,
        $"The service does not answer yet, or no longer{(reason is null ? string.Empty : $": {reason}")}. Nothing was accepted; try again.");

    /// <summary>More is asked than this process can do.</summary>
    public static ProblemHttpResult Overloaded(HttpResponse response) => Later(
        response, StatusCodes.Status503ServiceUnavailable, ProblemCodes.Overloaded, "The service has too much to do. Nothing was accepted; try again.");

    /// <summary>A limiter lets nobody through for now.</summary>
    /// <param name="response">The response.</param>
    /// <param name="lease">What it gave.</param>
    /// <param name="window">When it lets somebody through at the latest.</param>
    /// <param name="code">The problem's code.</param>
    /// <param name="detail">The problem, as a sentence.</param>
    public static ProblemHttpResult TooMany(HttpResponse response, RateLimitLease lease, TimeSpan window, string code, string detail)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var until) ? until : window;
        return Later(response, StatusCodes.Status429TooManyRequests, code, detail, wait);
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

    // One that may be sent again.
    private static ProblemHttpResult Later(HttpResponse response, int status, string code, string detail, TimeSpan? wait = null)
    {
        response.Headers.RetryAfter = Math.Ceiling((wait ?? RetryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Of(status, code, detail);
    }
}
