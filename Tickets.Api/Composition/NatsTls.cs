namespace Tickets.Api.Composition;

/// <summary>How the way to NATS is protected. Nothing turns the verification of the server's certificate off.</summary>
/// <param name="IsRequired">Whether a server without TLS is refused.</param>
/// <param name="AuthorityFile">The authority that the server's certificate must come from, PEM; null means those of the system.</param>
/// <param name="CertificateFile">The program's own certificate, PEM; null when it has none.</param>
/// <param name="KeyFile">The key of <paramref name="CertificateFile"/>, PEM.</param>
public sealed record NatsTls(bool IsRequired, string? AuthorityFile, string? CertificateFile, string? KeyFile);
