using System.Text.Json;
using System.Text.Json.Nodes;
using Tickets.Contracts;

namespace Tickets.Api.Description;

/// <summary>A way in which a route refuses.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Code">The problem's code.</param>
/// <param name="Description">When.</param>
internal sealed record DescribedProblem(int Status, string Code, string Description)
{
    public static readonly DescribedProblem Invalid = new(400, ProblemCodes.ValidationFailed, "A field, parameter or header breaks a rule; `errors` names it. Or `invalid_tenant`.");
    public static readonly DescribedProblem Unauthenticated = new(401, ProblemCodes.Unauthenticated, "There is no credential, or not a good one. Only where people sign in.");
    public static readonly DescribedProblem Forbidden = new(403, ProblemCodes.TenantForbidden, "The credential is not for this tenant. Or `insufficient_scope`, `actor_forbidden`.");
    public static readonly DescribedProblem TicketNotFound = new(404, ProblemCodes.TicketNotFound, "The tenant has no such ticket.");
    public static readonly DescribedProblem OperationNotFound = new(404, ProblemCodes.OperationNotFound, "There is no such operation, or it is too long ago.");
    public static readonly DescribedProblem DeadLetterNotFound = new(404, ProblemCodes.DeadLetterNotFound, "The tenant has no such dead letter.");
    public static readonly DescribedProblem NotReplayable = new(409, ProblemCodes.NotReplayable, "Replaying it would not be safe; the detail tells why.");
    public static readonly DescribedProblem InFlight = new(409, ProblemCodes.RequestInFlight, "An earlier request with this Idempotency-Key has no answer yet.");
    public static readonly DescribedProblem InvalidTransition = new(409, ProblemCodes.InvalidTransition, "The status can't change like that; `allowed` tells how it can. Or `request_in_flight`.");
    public static readonly DescribedProblem VersionConflict = new(412, ProblemCodes.VersionConflict, "The ticket has another version than If-Match says, or If-Match holds no tag of this service, or a weak one.");
    public static readonly DescribedProblem TooLarge = new(413, ProblemCodes.PayloadTooLarge, "The body is larger than 262,144 bytes, or than NATS takes.");
    public static readonly DescribedProblem MediaType = new(415, ProblemCodes.UnsupportedMediaType, "The body is not JSON, or has a Content-Encoding.");
    public static readonly DescribedProblem KeyReused = new(422, ProblemCodes.IdempotencyKeyReused, "An earlier request with this Idempotency-Key had another body.");
    public static readonly DescribedProblem RateLimited = new(429, ProblemCodes.RateLimited, "The tenant has sent too many requests; Retry-After tells when to try again. Only where a limit is set.");
    public static readonly DescribedProblem Unavailable = new(503, ProblemCodes.Unavailable, "NATS or the database is out of reach, or there is too much to do (`overloaded`), or the service is not ready (`not_ready`). Nothing was accepted, but an earlier request with the same Idempotency-Key may have been; Retry-After tells when to try again.");

    public static readonly DescribedProblem OutcomeUnknown = new(504, ProblemCodes.OutcomeUnknown, "NATS and the database are out of reach, so nobody knows yet whether it takes effect. Location tells later; a repeat with the same Idempotency-Key is safe.");

    /// <summary>Whether the answer may say when to try again. Of the 409s of a write, that of a key in flight does.</summary>
    public bool MayPass => Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout
        || Code is ProblemCodes.RequestInFlight or ProblemCodes.InvalidTransition;

    /// <summary>What it looks like.</summary>
    public JsonNode Example() => JsonSerializer.SerializeToNode(
        new Problem(Status, Code, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status), Description)
        {
            Errors = Status == StatusCodes.Status400BadRequest ? new Dictionary<string, string[]> { ["title"] = ["is required"] } : null,
            Allowed = Code == InvalidTransition.Code ? [TicketStatus.Open] : null,
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        },
        WireJson.Default.Problem)!;
}
