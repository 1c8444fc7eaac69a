using System.Net;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Which JSON Web Tokens are taken.</summary>
public class Tokens(SecuredService running) : IClassFixture<SecuredService>
{
    private const string Path = "/api/v1/tickets";
    private readonly TicketService _service = running.Service;
    private readonly TokenIssuer _issuer = running.Issuer;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_good_token_lets_its_holder_in()
    {
        foreach (var token in new[] { _issuer.Good(_tenant), _issuer.SignByEllipticCurve(TokenIssuer.Claims(_tenant)) })
        {
            (await _service.CreateAsync(null, SignedIn.Bearer(token))).StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        using var history = await _service.GetAsync(null, "/api/v1/audit", SignedIn.Bearer(_issuer.Good(_tenant)));
        (await history.JsonAsync()).GetProperty("items").EnumerateArray().Select(record => record.GetProperty("actor").GetString()).ShouldBe(["ada", "ada"]);
    }

    [Fact]
    public async Task a_token_that_names_many_tenants_and_scopes_in_lists_is_good_for_each()
    {
        var claims = TokenIssuer.Claims(_tenant);
        claims["tenants"] = new[] { _tenant, $"{_tenant}-2" };
        claims["scope"] = new[] { "tickets:read", "tickets:write" };
        var token = SignedIn.Bearer(_issuer.Sign(claims));

        (await _service.GetAsync(_tenant, Path, token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _service.CreateAsync($"{_tenant}-2", token)).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var unnamed = await _service.GetAsync(null, Path, token);
        await unnamed.ProblemAsync(HttpStatusCode.BadRequest, "invalid_tenant");
    }

    // The last second of the year 9999, and milliseconds where seconds are meant.
    [Theory]
    [InlineData(253402300799)]
    [InlineData(1_900_000_000_000)]
    public async Task a_token_that_is_good_for_ever_is_good(long expires)
    {
        var claims = TokenIssuer.Claims(_tenant);
        claims["exp"] = expires;

        (await _service.CreateAsync(null, SignedIn.Bearer(_issuer.Sign(claims)))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("RS256")]
    public Task a_token_without_a_signature_is_refused(string algorithm) =>
        RefusedAsync(TokenIssuer.Unsigned(TokenIssuer.Claims(_tenant), algorithm));

    [Fact]
    public async Task a_token_signed_by_the_public_key_as_if_it_were_a_secret_is_refused()
    {
        foreach (var secret in new[] { _issuer.PublicPem, _issuer.RsaPem, _issuer.RsaPem.Trim(), _issuer.RsaPem + "\n" })
        {
            await RefusedAsync(TokenIssuer.SignByText(TokenIssuer.Claims(_tenant), secret));
        }
    }

    [Fact]
    public async Task a_token_of_another_signer_is_refused()
    {
        using var stranger = new TokenIssuer();
        await RefusedAsync(stranger.Good(_tenant));
    }

    [Theory]
    [InlineData("iss", "https://evil.example")]
    [InlineData("iss", null)]
    [InlineData("aud", "another-service")]
    [InlineData("aud", null)]
    [InlineData("exp", -60)]
    [InlineData("exp", null)]
    [InlineData("nbf", 120)]
    [InlineData("sub", null)]
    [InlineData("sub", "")]
    [InlineData("sub", "ada\r\nX-Evil: 1")]
    public async Task a_token_with_a_claim_that_can_not_be_is_refused(string claim, object? value)
    {
        var claims = TokenIssuer.Claims(_tenant);
        claims[claim] = value is int seconds ? DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds() : value;
        if (value is null)
        {
            claims.Remove(claim);
        }

        await RefusedAsync(_issuer.Sign(claims));
    }

    [Fact]
    public async Task a_token_whose_text_was_changed_is_refused()
    {
        var parts = _issuer.Good(_tenant).Split('.');
        var other = _issuer.Good("other").Split('.');

        await RefusedAsync($"{parts[0]}.{other[1]}.{parts[2]}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("tkt_")]
    [InlineData("tkt_aaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public Task what_is_no_credential_is_refused(string text) => RefusedAsync(text);

    [Fact]
    public async Task two_credentials_at_once_are_none()
    {
        using var response = await _service.SendAsync(
            HttpMethod.Get, _tenant, Path, null, SignedIn.Bearer(_issuer.Good(_tenant)), SignedIn.Bearer(_issuer.Good("other")));
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task a_token_without_the_scope_is_told_which_it_lacks()
    {
        var reader = SignedIn.Bearer(_issuer.Good(_tenant, "tickets:read"));

        (await _service.GetAsync(_tenant, Path, reader)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await _service.CreateAsync(_tenant, reader);

        var problem = await refused.ProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        problem.GetProperty("detail").GetString()!.ShouldContain("tickets:write");
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("insufficient_scope");
    }

    private async Task RefusedAsync(string token)
    {
        using var response = await _service.GetAsync(_tenant, Path, SignedIn.Bearer(token));

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("IDX");
    }
}
