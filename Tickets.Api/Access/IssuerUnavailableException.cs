namespace Tickets.Api.Access;

/// <summary>No token can be checked, because the keys of their issuer can't be read.</summary>
/// <param name="cause">Why.</param>
internal sealed class IssuerUnavailableException(Exception cause) : Exception("The keys of the issuer of tokens can't be read.", cause);
