namespace Tickets.Api.Commands;

/// <summary>A command with a key that was accepted.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Fingerprint">What it asks for.</param>
/// <param name="At">When.</param>
internal sealed record AcceptedCommand(Guid Id, string Fingerprint, DateTimeOffset At);
