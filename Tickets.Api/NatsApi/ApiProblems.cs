using System.Diagnostics;
using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.WebUtilities;
using Tickets.Api.Commands;
using Tickets.Api.Routes;
using Tickets.Contracts;
using Tickets.Handlers.Storage;

namespace Tickets.Api.NatsApi;

/// <summary>Why a request over NATS is refused.</summary>
internal static class ApiProblems
{
    public static ApiAnswer TicketNotFound(Guid id) => Of(404, ProblemCodes.TicketNotFound, $"There is no ticket '{id}'.");

    public static ApiAnswer InFlight() => Of(409, ProblemCodes.RequestInFlight, "An earlier request with this Nats-Msg-Id has no answer yet; try again.");

    public static ApiAnswer KeyReused() =>
        Of(422, ProblemCodes.IdempotencyKeyReused, "An earlier request with this Nats-Msg-Id had another body. Use a new one for a new request.");

    public static ApiAnswer Overloaded() => Of(503, ProblemCodes.Overloaded, "The service has too much to do. Nothing was accepted; try again.");

    public static ApiAnswer TooLarge(CommandResult.TooLarge large) => Of(413, ProblemCodes.PayloadTooLarge, large.Detail, size: large.Bytes);

    /// <summary>What was asked for has been done; only the answer does not fit into a message.</summary>
    public static ApiAnswer AnswerTooLarge(ApiEndpoint endpoint) => Of(
        413,
        ProblemCodes.AnswerTooLarge,
        endpoint == ApiEndpoints.List
            ? "The page is larger than NATS lets a message be (max_payload). Ask with a smaller limit."
            : "The answer is larger than NATS lets a message be (max_payload). Ask over HTTP.");

    public static ApiAnswer Unavailable() =>
        Of(503, ProblemCodes.Unavailable, "NATS or the database is out of reach. Nothing was accepted; try again.");

    /// <summary>A request with a key was not accepted.</summary>
    public static ApiAnswer UnavailableForKey() => Of(
        503,
        ProblemCodes.Unavailable,
        "NATS or the database is out of reach. This request was not accepted; an earlier one with its Nats-Msg-Id may still take effect. Repeat it with the same one.");

    public static ApiAnswer OutcomeUnknown() =>
        Of(504, ProblemCodes.OutcomeUnknown, "NATS and the database are out of reach, so nobody knows yet whether it takes effect. Repeat it with the same Nats-Msg-Id.");

    /// <summary>The answer to what was thrown; a 500 for what should not have been.</summary>
    public static ApiAnswer Of(Exception exception) => exception switch
    {
        RefusedException refused => Invalid(refused.Code, refused.Field, refused.Message),
        InvalidQueryException query => Invalid(ProblemCodes.ValidationFailed, query.Parameter, query.Message),
        JsonException json => Invalid(ProblemCodes.ValidationFailed, JsonFault.FieldOf(json), JsonFault.MessageOf(json)),
        ValidationException invalid => Invalid(
            ProblemCodes.ValidationFailed,
            invalid.Errors.GroupBy(error => error.PropertyName, error => error.ErrorMessage).ToDictionary(group => group.Key, group => group.ToArray())),
        _ when StorageFaults.MayPass(exception) => Unavailable(),
        _ => Of(500, ProblemCodes.InternalServerError, "The request failed. The log of the service tells why."),
    };

    private static ApiAnswer Invalid(string code, string field, string message) =>
        Invalid(code, new Dictionary<string, string[]> { [field] = [message] });

    private static ApiAnswer Invalid(string code, Dictionary<string, string[]> errors) => Of(400, code, "The request breaks a rule.", errors);

    private static ApiAnswer Of(int status, string code, string detail, Dictionary<string, string[]>? errors = null, long? size = null)
    {
        var problem = new Problem(status, code, ReasonPhrases.GetReasonPhrase(status), detail)
        {
            Errors = errors,
            Size = size,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        return new ApiAnswer(status, JsonSerializer.Serialize(problem, WireJson.Default.Problem));
    }
}
