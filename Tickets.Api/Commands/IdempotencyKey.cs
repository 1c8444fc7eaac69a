using Tickets.Contracts;

namespace Tickets.Api.Commands;

/// <summary>
/// What a client calls one of its requests (the <c>Idempotency-Key</c> header, IETF draft httpapi-idempotency-key-header).
/// The command's identity follows from it, so the ledger knows every repeat for as long as it keeps its rows.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Caller">Who sends it.</param>
/// <param name="Route">Method and path.</param>
/// <param name="Value">The header's value.</param>
public sealed record IdempotencyKey(string Tenant, string Caller, string Route, string Value)
{
    /// <summary>The identity of the command.</summary>
    /// <param name="attempt">0, and one more for each try that ended in a 5xx: those are never replayed.</param>
    /// <returns>A UUID of version 8 (RFC 9562).</returns>
    public Guid CommandId(int attempt) => HashedId.Of($"{Tenant}\n{Caller}\n{Route}\n{attempt}\n{Value}");
}
