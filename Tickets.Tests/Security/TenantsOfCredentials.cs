using System.Net;
using System.Net.Http.Json;
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
        foreach (var (method, path) in await RoutesAsync())
        {
            using var response = await SendAsync(method, path.Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal).Replace("{sequence}", "1", StringComparison.Ordinal), _acme, Operator(_evil));

            (await response.ProblemAsync(HttpStatusCode.Forbidden, "tenant_forbidden")).GetProperty("detail").GetString()!.ShouldContain(_acme, Case.Sensitive, $"{method} {path}");
        }
    }

    [Fact]
    public async Task a_request_without_a_credential_is_refused_on_every_route()
    {
        foreach (var (method, path) in await RoutesAsync())
        {
            using var response = await SendAsync(method, path, _acme, ("X-Nothing", "1"));

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    [Fact]
    public async Task the_ids_of_another_tenant_name_nothing_on_any_route()
    {
        using var created = await _service.CreateAsync(_acme, Operator(_acme));
        var ticket = (await created.JsonAsync()).GetProperty("id").GetString()!;
        using var accepted = await _service.CreateAsync(_acme, Operator(_acme), ("Prefer", "respond-async"));
        var operation = accepted.Headers.Location!.ToString().Split('/')[^1];
        var letter = await running.Nats.WriteLetterAsync(_acme, "create", """{"title": "t"}""", Guid.NewGuid().ToString());
        (await _service.GetAsync(_acme, Letters.PathOf(letter), Operator(_acme))).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var (method, path) in (await RoutesAsync()).Where(route => route.Path.Contains('{', StringComparison.Ordinal)))
        {
            // Operations of which there is no trace yet are pending for everybody: only those with an outcome could tell something.
            var id = path.Contains("operations", StringComparison.Ordinal) ? await SettledAsync(operation) : ticket;
            using var response = await SendAsync(
                method, path.Replace("{id}", id, StringComparison.Ordinal).Replace("{sequence}", $"{letter}", StringComparison.Ordinal), _evil, Operator(_evil));

            (await response.Content.ReadAsStringAsync()).ShouldNotContain("Printer");
            if (!path.Contains("operations", StringComparison.Ordinal))
            {
                response.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}");
            }
        }

        using var untouched = await _service.GetAsync(_acme, $"/api/v1/tickets/{ticket}", Operator(_acme));
        (await untouched.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(1);
        (await _service.GetAsync(_acme, Letters.PathOf(letter), Operator(_acme))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task lists_show_another_tenant_nothing()
    {
        (await _service.CreateAsync(_acme, Operator(_acme))).StatusCode.ShouldBe(HttpStatusCode.Created);

        foreach (var path in new[] { "/api/v1/tickets", "/api/v1/audit", "/api/v1/notifications", "/api/v1/dead-letters" })
        {
            using var response = await _service.GetAsync(null, path, Operator(_evil));

            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await response.Content.ReadAsStringAsync()).ShouldNotContain(_acme, Case.Sensitive, path);
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

    private async Task<string> SettledAsync(string operation)
    {
        await NatsServers.Eventually.Async(
            async () => (await (await _service.GetAsync(_acme, $"/api/v1/operations/{operation}", Operator(_acme))).JsonAsync()).GetProperty("status").GetString(),
            status => status == "succeeded",
            TimeSpan.FromSeconds(10),
            "the operation has succeeded");
        return operation;
    }

    // As they are described, so that no route is forgotten here.
    private async Task<IReadOnlyList<(HttpMethod Method, string Path)>> RoutesAsync()
    {
        using var response = await _service.GetAsync(null, "/openapi/v1.json", Operator("*"));
        var routes = (await response.JsonAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (new HttpMethod(method.Name.ToUpperInvariant()), path.Name))).ToArray();
        routes.Length.ShouldBeGreaterThan(14);
        return routes;
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string tenant, (string, string) credential) => _service.SendAsync(
        method,
        tenant,
        path,
        method == HttpMethod.Get || method == HttpMethod.Delete ? null
            : path.EndsWith("comments", StringComparison.Ordinal) ? JsonContent.Create(new { author = "eve", body = "hello" })
            : method == HttpMethod.Patch ? JsonContent.Create(new { title = "stolen" })
            : JsonContent.Create(new { title = "t", created_by = "eve" }),
        credential);
}
