using System.Net;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class RateLimiting
{
    [Fact]
    public async Task a_tenant_is_told_what_is_left_and_refused_when_nothing_is()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("RATE_LIMIT_PER_MINUTE", "3"));

        using var first = await service.GetAsync("acme", "/api/v1/tickets");
        first.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"tenant\";q=3;w=60"]);
        first.Headers.GetValues("RateLimit").ShouldBe(["\"tenant\";r=2"]);
        using var malformed = await service.GetAsync("acme", "/api/v1/tickets?colour=red");
        malformed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        malformed.Headers.GetValues("RateLimit").ShouldBe(["\"tenant\";r=1"]);
        (await service.GetAsync("acme", "/api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await service.GetAsync("acme", "/api/v1/tickets");
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        (await service.GetAsync("other", "/api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.Http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
