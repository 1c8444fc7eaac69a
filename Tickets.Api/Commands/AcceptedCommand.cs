namespace Tickets.Api.Commands;

/// <summary>A command with a key that was accepted.</summary>
/// <param name="Id">Its identity, which tells when.</param>
/// <param name="Fingerprint">What it asks for.</param>
internal sealed record AcceptedCommand(Guid Id, string Fingerprint);
