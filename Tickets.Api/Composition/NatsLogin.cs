namespace Tickets.Api.Composition;

/// <summary>What the program shows a NATS server of itself.</summary>
public abstract record NatsLogin
{
    private NatsLogin()
    {
    }

    /// <summary>Nothing, or what the address holds.</summary>
    public sealed record ByAddress : NatsLogin;

    /// <summary>A name and a password.</summary>
    /// <param name="Name">The user.</param>
    /// <param name="Secret">The password.</param>
    public sealed record Password(string Name, string Secret) : NatsLogin;

    /// <summary>A token.</summary>
    /// <param name="Secret">The token.</param>
    public sealed record Token(string Secret) : NatsLogin;

    /// <summary>The signature of an NKey.</summary>
    /// <param name="Seed">Its seed, <c>SU…</c>.</param>
    public sealed record NKey(string Seed) : NatsLogin;

    /// <summary>A JWT of an account (ADR-14 of NATS) and the signature of the key that it names.</summary>
    /// <param name="Jwt">The JWT.</param>
    /// <param name="Seed">The key's seed, <c>SU…</c>.</param>
    public sealed record Credentials(string Jwt, string Seed) : NatsLogin;
}
