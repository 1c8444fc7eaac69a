using Tickets.Handlers.Access;

namespace Tickets.Api.Keys;

/// <summary>An API key as <c>keys --json</c> shows it.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="Name">Who it is for.</param>
/// <param name="Tenants">For which tenants.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Status"><c>good</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="Key">With the secret, when it was just made.</param>
internal sealed record KeyView(
    string Id,
    string Name,
    IReadOnlyList<string> Tenants,
    IReadOnlyList<string> Scopes,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    string? Key)
{
    public static KeyView Of(ApiKey key, DateTimeOffset now, ApiKeySecret? secret = null) => new(
        key.Id,
        key.Name,
        key.Tenants,
        key.Scopes,
        key.IsGood(now) ? "good" : key.RevokedAt is null ? "expired" : "revoked",
        key.CreatedAt,
        key.ExpiresAt,
        key.RevokedAt,
        secret?.Reveal());
}
