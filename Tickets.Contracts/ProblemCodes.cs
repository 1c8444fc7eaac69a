namespace Tickets.Contracts;

/// <summary>The <see cref="Problem.Code"/>s of problems. They stay as they are: clients decide by them.</summary>
public static class ProblemCodes
{
    /// <summary>A field, parameter or header breaks a rule (400).</summary>
    public const string ValidationFailed = "validation_failed";

    /// <summary>No tenant is named, or none that can be (400).</summary>
    public const string InvalidTenant = "invalid_tenant";

    /// <summary>There is no credential, or not a good one (401).</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>The credential is not for this tenant (403).</summary>
    public const string TenantForbidden = "tenant_forbidden";

    /// <summary>The credential does not allow this (403).</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <summary>The credential may not act for somebody else (403).</summary>
    public const string ActorForbidden = "actor_forbidden";

    /// <summary>The tenant has no such ticket (404).</summary>
    public const string TicketNotFound = "ticket_not_found";

    /// <summary>There is no such operation, or it is too long ago (404).</summary>
    public const string OperationNotFound = "operation_not_found";

    /// <summary>The tenant has no such dead letter (404).</summary>
    public const string DeadLetterNotFound = "dead_letter_not_found";

    /// <summary>A ticket's status can't change like that (409).</summary>
    public const string InvalidTransition = "invalid_transition";

    /// <summary>An earlier request with the same key has no outcome yet (409).</summary>
    public const string RequestInFlight = "request_in_flight";

    /// <summary>Replaying a dead letter would not be safe (409).</summary>
    public const string NotReplayable = "not_replayable";

    /// <summary>The ticket has another version (412).</summary>
    public const string VersionConflict = "version_conflict";

    /// <summary>The body is larger than the service or NATS takes (413).</summary>
    public const string PayloadTooLarge = "payload_too_large";

    /// <summary>The answer is larger than NATS takes; what was asked for is done (413).</summary>
    public const string AnswerTooLarge = "answer_too_large";

    /// <summary>The body is not JSON, or has an encoding (415).</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>An earlier request with the same key asked for something else (422).</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    /// <summary>The tenant has sent too many requests (429).</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>Too many requests of one address had no good credential (429).</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>A fault of the service (500).</summary>
    public const string InternalServerError = "internal_server_error";

    /// <summary>NATS or the database is out of reach (503).</summary>
    public const string Unavailable = "unavailable";

    /// <summary>There is too much to do (503).</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The service does not answer yet, or no longer (503).</summary>
    public const string NotReady = "not_ready";

    /// <summary>Nobody knows yet whether it takes effect (504).</summary>
    public const string OutcomeUnknown = "outcome_unknown";
}
