using Tickets.Contracts;

namespace Tickets.Api.Commands;

/// <summary>
/// What a client calls one of its requests (the <c>Idempotency-Key</c> header, IETF draft httpapi-idempotency-key-header).
/// The command's identity follows from it, so the ledger knows every repeat for as long as it keeps its rows. See ADR 7.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Caller">Who sends it.</param>
/// <param name="Route">Method and path.</param>
/// <param name="Value">The header's value.</param>
public sealed record IdempotencyKey(string Tenant, string Caller, string Route, string Value)
{
    /// <summary>
    /// The identity of the command, which is its <c>Nats-Msg-Id</c> as well. Nobody else can work it out: the stream drops what has an id that
    /// it knows, whoever's it is, so another tenant could keep the request from it.
    /// </summary>
    /// <param name="attempt">0, and one more for each try that ended in a 5xx: those are never replayed.</param>
    /// <param name="secret">The database's.</param>
    /// <returns>A UUID of version 8 (RFC 9562).</returns>
    public Guid CommandId(int attempt, byte[] secret) => HashedId.Of($"key\n{Text(attempt)}", secret);

    /// <summary>The identity that earlier versions gave the command, which anybody could work out.</summary>
    /// <param name="attempt">As for <see cref="CommandId"/>.</param>
    public Guid EarlierCommandId(int attempt) => HashedId.Of(Text(attempt));

    private string Text(int attempt) => $"{Tenant}\n{Caller}\n{Route}\n{attempt}\n{Value}";
}
