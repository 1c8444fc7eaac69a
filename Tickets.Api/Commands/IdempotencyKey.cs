using Tickets.Contracts;

namespace Tickets.Api.Commands;

/// <summary>
/// What a client calls one of its requests (the <c>Idempotency-Key</c> header, IETF draft httpapi-idempotency-key-header).
/// The ledger knows every repeat for as long as it keeps its rows. See ADR 7.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Caller">Who sends it.</param>
/// <param name="Route">Method and path, spelt as this service spells them.</param>
/// <param name="Value">The header's value.</param>
public sealed record IdempotencyKey(string Tenant, string Caller, string Route, string Value)
{
    /// <summary>
    /// What the commands of all its requests share. Nobody else can work it out: a command that somebody publishes with it would be the first.
    /// </summary>
    /// <param name="attempt">0; with earlier versions one more for each try that ended in a 5xx, since those are never replayed.</param>
    /// <param name="secret">The database's.</param>
    /// <returns>A UUID of version 8 (RFC 9562).</returns>
    public Guid SharedId(int attempt, byte[] secret) => HashedId.Of($"key\n{Text(attempt)}", secret);

    /// <summary>The identity that earlier versions gave the command, which anybody could work out.</summary>
    /// <param name="attempt">As for <see cref="SharedId"/>.</param>
    public Guid EarlierCommandId(int attempt) => HashedId.Of(Text(attempt));

    private string Text(int attempt) => $"{Tenant}\n{Caller}\n{Route}\n{attempt}\n{Value}";
}
