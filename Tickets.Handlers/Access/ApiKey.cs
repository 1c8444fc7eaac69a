namespace Tickets.Handlers.Access;

/// <summary>An API key as it is stored: whoever reads it can't use it.</summary>
/// <param name="Id">What it is called in public: the middle of its text.</param>
/// <param name="Name">Who it belongs to; the actor of what is done with it.</param>
/// <param name="Hash">The SHA-256 of its secret.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Tenants">For whom; <c>*</c> for all.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">From when on it is not taken any more; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
public sealed record ApiKey(
    string Id,
    string Name,
    byte[] Hash,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Tenants,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt = null)
{
    /// <summary>Whether it is taken at a time.</summary>
    public bool IsGood(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}
