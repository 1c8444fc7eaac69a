namespace Tickets.Api.Commands;

/// <summary>An <see cref="IdempotencyKey"/> as commands carry it: of those with the same one, one takes effect.</summary>
/// <param name="Id">What they share.</param>
/// <param name="Fingerprint">What each must ask for.</param>
public sealed record SharedKey(Guid Id, string Fingerprint);
