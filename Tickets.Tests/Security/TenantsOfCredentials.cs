using System.Net;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Whose tickets a credential opens, on every route that the service describes.</summary>
public class TenantsOfCredentials(SecuredService running) : IClassFixture<SecuredService>
{
    private readonly TicketService _service = running.Service;
    private readonly TokenIssuer _issuer = running.Issuer;
    private readonly string _acme = RunningService.NewTenant();
    private readonly string _evil = RunningService.NewTenant();

    private (string, string) Operator(string tenants) => SignedIn.Bearer(_issuer.Good(tenants, "operator"));

    [Fact]
    public async Task a_header_that_names_another_tenant_is_refused_on_every_route()
    {
        foreach (var (method, path) in await _service.RoutesAsync(Operator("*")))
        {
            using var response = await _service.SendAsync(method, path.Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal).Replace("{sequence}", "1", StringComparison.Ordinal), _acme, Operator(_evil));

            (await response.ProblemAsync(HttpStatusCode.Forbidden, "tenant_forbidden")).GetProperty("detail").GetString()!.ShouldContain(_acme, Case.Sensitive, $"{method} {path}");
        }
    }

    [Fact]
    public async Task a_request_without_a_credential_is_refused_on_every_route()
    {
        foreach (var (method, path) in await _service.RoutesAsync(Operator("*")))
        {
            using var response = await _service.SendAsync(method, path, _acme, ("X-Nothing", "1"));

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    [Fact]
    public async Task an_operator_of_all_tenants_names_the_one_it_means()
    {
        (await _service.GetAsync(_acme, "/api/v1/tickets", Operator("*"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var unnamed = await _service.GetAsync(null, "/api/v1/tickets", Operator("*"));
        await unnamed.ProblemAsync(HttpStatusCode.BadRequest, "invalid_tenant");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a b.c")]
    public async Task a_credential_without_a_tenant_that_can_be_is_for_none(string tenants)
    {
        using var response = await _service.GetAsync(_acme, "/api/v1/tickets", Operator(tenants));
        await response.ProblemAsync(HttpStatusCode.Forbidden, "tenant_forbidden");
    }

    [Fact]
    public async Task who_has_signed_in_can_not_act_for_another()
    {
        var ada = SignedIn.Bearer(_issuer.Good(_acme));

        using var refused = await _service.CreateAsync(_acme, ada, ("Actor", "eve"));
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "actor_forbidden");
        (await _service.CreateAsync(_acme, ada, ("Actor", "ada"))).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var audit = await _service.GetAsync(_acme, "/api/v1/audit", ada);
        (await audit.JsonAsync()).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("actor").GetString().ShouldBe("ada");
    }

    [Fact]
    public async Task an_idempotency_key_is_its_callers_own()
    {
        var (_, mine) = await _service.NewKeyAsync(_acme, name: "same");
        var (_, theirs) = await _service.NewKeyAsync(_acme, name: "same");

        using var first = await _service.CreateAsync(_acme, SignedIn.Bearer(mine), ("Idempotency-Key", "1"));
        using var second = await _service.CreateAsync(_acme, SignedIn.Bearer(theirs), ("Idempotency-Key", "1"));
        using var again = await _service.CreateAsync(_acme, SignedIn.Bearer(mine), ("Idempotency-Key", "1"));

        second.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        again.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        again.Headers.Location.ShouldBe(first.Headers.Location);
    }
}
