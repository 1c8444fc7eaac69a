using System.Net;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Who is not let in uses up nobody's budget but their own.</summary>
public sealed class Floods : IAsyncLifetime
{
    private const string Path = "/api/v1/tickets";
    private NatsServer _nats = null!;

    public async ValueTask InitializeAsync() => _nats = await NatsServer.StartAsync();

    [Fact]
    public async Task a_flood_without_a_credential_is_held_back_by_its_address_and_leaves_the_tenant_its_budget()
    {
        await using var service = await StartAsync(("RATE_LIMIT_PER_MINUTE", "5"), ("TRUSTED_PROXIES", "127.0.0.0/8"));
        var (_, acme) = await service.NewKeyAsync("acme");
        var (_, evil) = await service.NewKeyAsync("evil");
        var stranger = SignedIn.Bearer("tkt_aaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        for (var i = 0; i < 10; i++)
        {
            (await service.GetAsync("acme", Path, stranger)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var held = await service.GetAsync("acme", Path, stranger);
        await held.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_failures");
        held.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        (await StatusAsync(service, stranger, ("X-Forwarded-For", "198.51.100.7"))).ShouldBe(HttpStatusCode.Unauthorized);

        for (var i = 0; i < 8; i++)
        {
            // Its own budget pays for it, if any: none of another.
            (await service.GetAsync("acme", Path, SignedIn.Bearer(evil))).StatusCode.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests);
        }

        using var good = await service.GetAsync("acme", Path, SignedIn.Bearer(acme));
        good.StatusCode.ShouldBe(HttpStatusCode.OK);
        good.Headers.GetValues("RateLimit").ShouldBe(["\"tenant\";r=4"]);
        good.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"tenant\";q=5;w=60"]);
    }

    [Fact]
    public async Task a_tenant_is_one_however_its_clients_name_it()
    {
        await using var service = await StartAsync(("RATE_LIMIT_PER_MINUTE", "3"));
        var (_, one) = await service.NewKeyAsync("acme");
        var (_, two) = await service.NewKeyAsync("acme");

        (await service.GetAsync(null, Path, SignedIn.Bearer(one))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.GetAsync("acme", Path, SignedIn.Bearer(one))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.GetAsync(null, Path, SignedIn.Bearer(two))).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await service.GetAsync(null, Path, SignedIn.Bearer(two));
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task an_address_that_a_stranger_writes_into_a_header_is_not_believed()
    {
        await using var service = await StartAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            statuses.Add(await StatusAsync(service, ("X-Forwarded-For", $"198.51.100.{i}")));
        }

        statuses[^1].ShouldBe(HttpStatusCode.TooManyRequests);
    }

    public ValueTask DisposeAsync() => _nats.DisposeAsync();

    private Task<TicketService> StartAsync(params (string, string)[] settings) =>
        TicketService.StartAsync(_nats, [("AUTH_MODE", "api_key"), ("AUTH_FAILURES_PER_MINUTE", "10"), .. settings]);

    private static async Task<HttpStatusCode> StatusAsync(TicketService service, params (string, string)[] headers)
    {
        using var response = await service.SendAsync(HttpMethod.Get, "acme", Path, null, headers);
        return response.StatusCode;
    }
}
