namespace Tickets.Tests.Fixtures;

/// <summary>A service at which everybody has to sign in, by token or by key.</summary>
public class SecuredService : RunningService
{
    public TokenIssuer Issuer { get; } = new();

    protected override Task<(string Name, string Value)[]> SettingsAsync() => Task.FromResult<(string, string)[]>(
    [
        ("AUTH_MODE", "jwt,api_key"),
        ("AUTH_JWT_ISSUER", TokenIssuer.Issuer),
        ("AUTH_JWT_AUDIENCE", TokenIssuer.Audience),
        ("AUTH_JWT_KEYS", Issuer.PublicPem),
        ("AUTH_FAILURES_PER_MINUTE", "100000"),
    ]);
}
