using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Keys that the service asks the issuer for.</summary>
public sealed class KeysOfTheIssuer : IAsyncLifetime
{
    private readonly TokenIssuer _issuer = new();
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";
    private NatsServer _nats = null!;

    public async ValueTask InitializeAsync() => _nats = await NatsServer.StartAsync();

    [Theory]
    [InlineData("/keys")]
    [InlineData(null)]
    public async Task they_are_found_at_their_address_or_by_the_issuers_discovery_document(string? keys)
    {
        await using var issuer = await ServeAsync();
        await using var service = await StartAsync(keys);

        (await StatusAsync(service, Token(_issuer))).ShouldBe(HttpStatusCode.OK);
        using var stranger = new TokenIssuer();
        (await StatusAsync(service, Token(stranger))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task while_they_can_not_be_read_nobody_is_let_in_and_told_to_try_again()
    {
        await using var service = await StartAsync("/keys");
        using var refused = await GetAsync(service, Token(_issuer));
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");

        await using var issuer = await ServeAsync();

        await Eventually.Async(
            () => StatusAsync(service, Token(_issuer)), status => status == HttpStatusCode.OK, TimeSpan.FromSeconds(20), "the keys were read");
    }

    [Fact]
    public async Task a_token_that_a_short_key_has_signed_is_refused()
    {
        using var weak = new TokenIssuer(rsaBits: 1024);
        await using var issuer = await ServeAsync(weak);
        await using var service = await StartAsync("/keys");

        (await StatusAsync(service, Token(weak))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    public async ValueTask DisposeAsync()
    {
        _issuer.Dispose();
        await _nats.DisposeAsync();
    }

    private Task<TicketService> StartAsync(string? keys) => TicketService.StartAsync(
        _nats,
        [
            ("AUTH_MODE", "jwt"), ("AUTH_JWT_ISSUER", _address), ("AUTH_JWT_AUDIENCE", TokenIssuer.Audience),
            .. keys is null ? [] : new[] { ("AUTH_JWT_KEYS_URL", _address + keys) },
        ]);

    private Task<WebApplication> ServeAsync(TokenIssuer? other = null) => LoopbackHttp.ServeAsync(
        app =>
        {
            app.MapGet("/keys", () => Results.Text((other ?? _issuer).KeySet, "application/json"));
            app.MapGet("/.well-known/openid-configuration", () => Results.Text($$"""{"issuer": "{{_address}}", "jwks_uri": "{{_address}}/keys"}""", "application/json"));
        },
        _address);

    private string Token(TokenIssuer signer)
    {
        var claims = TokenIssuer.Claims("acme");
        claims["iss"] = _address;
        return signer.Sign(claims);
    }

    private static async Task<HttpStatusCode> StatusAsync(TicketService service, string token)
    {
        using var response = await GetAsync(service, token);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> GetAsync(TicketService service, string token) =>
        service.GetAsync(null, "/api/v1/tickets", SignedIn.Bearer(token));
}
