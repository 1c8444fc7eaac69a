using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

public sealed class OthersTicketsOnSqlite(SecuredService running) : OthersTickets(running), IClassFixture<SecuredService>;

public sealed class OthersTicketsOnPostgreSql(SecuredOnPostgreSql running) : OthersTickets(running), IClassFixture<SecuredOnPostgreSql>;

/// <summary>What a tenant with a good credential learns of another, whose ids it has come to know.</summary>
public abstract class OthersTickets(SecuredService running)
{
    private readonly TicketService _service = running.Service;
    private readonly string _acme = RunningService.NewTenant();
    private readonly string _evil = RunningService.NewTenant();

    private (string, string) Operator(string tenants) => SignedIn.Bearer(running.Issuer.Good(tenants, "operator"));

    [Fact]
    public async Task the_ids_of_another_tenant_name_nothing_on_any_route()
    {
        using var created = await _service.CreateAsync(_acme, Operator(_acme));
        var ticket = (await created.JsonAsync()).GetProperty("id").GetString()!;
        using var comment = await _service.SendAsync(
            HttpMethod.Post, _acme, $"/api/v1/tickets/{ticket}/comments", JsonContent.Create(new { author = "bob", body = "Printer is still on fire" }), Operator(_acme));
        comment.StatusCode.ShouldBe(HttpStatusCode.Created);
        var operation = await SettledAsync();
        var letter = await running.Nats.WriteLetterAsync(_acme, "create", """{"title": "Printer"}""", Guid.NewGuid().ToString());
        (await _service.GetAsync(_acme, Letters.PathOf(letter), Operator(_acme))).StatusCode.ShouldBe(HttpStatusCode.OK);

        // What is removed first could not be found by any other.
        List<string> learnt = [];
        var routes = (await _service.RoutesAsync(Operator("*"))).Where(route => route.Path.Contains('{', StringComparison.Ordinal));
        foreach (var (method, path) in routes.OrderBy(route => Array.IndexOf([HttpMethod.Get, HttpMethod.Post, HttpMethod.Patch, HttpMethod.Delete], route.Method)))
        {
            var ofOperation = path.Contains("operations", StringComparison.Ordinal);
            using var response = await _service.SendAsync(
                method,
                path.Replace("{id}", ofOperation ? operation : ticket, StringComparison.Ordinal).Replace("{sequence}", $"{letter}", StringComparison.Ordinal),
                _evil,
                Operator(_evil));

            // While anybody's command waits, an id of which there is no trace may be that of one: it is pending for everybody.
            var body = await response.Content.ReadAsStringAsync();
            var tellsNothing = response.StatusCode == HttpStatusCode.NotFound || (ofOperation && body.Contains("\"pending\"", StringComparison.Ordinal));
            if (!tellsNothing || body.Contains("Printer", StringComparison.Ordinal))
            {
                learnt.Add($"{method} {path} answered {(int)response.StatusCode}");
            }
        }

        learnt.ShouldBeEmpty();
        using var untouched = await _service.GetAsync(_acme, $"/api/v1/tickets/{ticket}", Operator(_acme));
        (await untouched.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(1);
        (await _service.GetAsync(_acme, Letters.PathOf(letter), Operator(_acme))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task lists_show_another_tenant_nothing()
    {
        (await _service.PostAsync(_acme, JsonContent.Create(new { title = "critical", created_by = "bob" }), Operator(_acme))).StatusCode.ShouldBe(HttpStatusCode.Created);
        await running.Nats.WriteLetterAsync(_acme, "create", "{}", Guid.NewGuid().ToString());
        string[] lists = ["/api/v1/tickets", "/api/v1/tickets?q=critical", "/api/v1/audit", "/api/v1/notifications", "/api/v1/dead-letters"];
        foreach (var path in lists)
        {
            await Eventually.Async(() => LengthAsync(path, _acme), length => length > 0, TimeSpan.FromSeconds(10), $"{path} has something of its own tenant");
        }

        var learnt = new List<string>();
        foreach (var path in lists)
        {
            if (await LengthAsync(path, _evil) > 0)
            {
                learnt.Add(path);
            }
        }

        learnt.ShouldBeEmpty();
    }

    private async Task<int> LengthAsync(string path, string tenant)
    {
        using var response = await _service.GetAsync(null, path, Operator(tenant));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.JsonAsync()).EnumerateObject().First(member => member.Value.ValueKind == JsonValueKind.Array).Value.GetArrayLength();
    }

    private async Task<string> SettledAsync()
    {
        using var accepted = await _service.CreateAsync(_acme, Operator(_acme), ("Prefer", "respond-async"));
        var operation = accepted.Headers.Location!.ToString();
        await Eventually.Async(
            async () => (await (await _service.GetAsync(_acme, operation, Operator(_acme))).JsonAsync()).GetProperty("status").GetString(),
            status => status == "succeeded",
            TimeSpan.FromSeconds(10),
            "the operation has succeeded");
        return operation.Split('/')[^1];
    }
}
