using System.Net;
using System.Net.Sockets;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>What is open to whom.</summary>
public class Doors(SecuredService secured, RunningService local) : IClassFixture<SecuredService>, IClassFixture<RunningService>
{
    [Theory]
    [InlineData("/health/live", "{\"status\":\"live\"}")]
    [InlineData("/health/ready", "{\"status\":\"ready\"}")]
    public async Task health_is_for_everybody_without_details(string path, string body)
    {
        (await secured.Service.Http.GetStringAsync(path)).ShouldBe(body);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/asyncapi.json")]
    [InlineData("/docs")]
    [InlineData("/api/v1/tickets")]
    [InlineData("/nothing")]
    public async Task everything_else_is_shut(string path)
    {
        using var response = await secured.Service.Http.GetAsync(path);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("/metrics", "tickets:read tickets:write", HttpStatusCode.Forbidden)]
    [InlineData("/metrics", "metrics:read", HttpStatusCode.OK)]
    [InlineData("/metrics", "operator", HttpStatusCode.OK)]
    [InlineData("/docs/", "tickets:read", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", "tickets:read", HttpStatusCode.OK)]
    [InlineData("/api/v1/dead-letters", "tickets:read tickets:write", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/dead-letters", "operator", HttpStatusCode.OK)]
    [InlineData("/api/v1/tickets", "metrics:read", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/tickets", "tickets:write", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/tickets", "tickets:reader", HttpStatusCode.Forbidden)]
    [InlineData("/api/v1/tickets", "", HttpStatusCode.Forbidden)]
    public async Task a_scope_opens_what_it_is_for(string path, string scope, HttpStatusCode status)
    {
        using var response = await secured.Service.GetAsync(null, path, SignedIn.Bearer(secured.Issuer.Good("acme", scope)));

        response.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    public async Task where_nobody_signs_in_what_comes_through_a_proxy_or_for_another_host_is_refused(string header, string value)
    {
        using var response = await local.Service.SendAsync(HttpMethod.Get, "acme", "/api/v1/tickets", null, (header, value));

        await response.ProblemAsync(HttpStatusCode.Forbidden, "not_local");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    public async Task where_nobody_signs_in_this_machine_is_let_in_by_any_of_its_names(string host)
    {
        using var response = await local.Service.SendAsync(HttpMethod.Get, "acme", "/api/v1/tickets", null, ("Host", host));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("HOST is '0.0.0.0': others could reach it, and nobody has to sign in", "HOST", "0.0.0.0")]
    [InlineData("AUTH_MODE is 'token'", "AUTH_MODE", "token")]
    [InlineData("AUTH_MODE is 'anonymous,jwt'", "AUTH_MODE", "anonymous,jwt")]
    [InlineData("AUTH_JWT_ISSUER is ''", "AUTH_MODE", "jwt")]
    [InlineData("AUTH_JWT_ISSUER is 'http://issuer.example'", "AUTH_MODE", "jwt", "AUTH_JWT_ISSUER", "http://issuer.example")]
    [InlineData("AUTH_JWT_AUDIENCE is ''", "AUTH_MODE", "jwt", "AUTH_JWT_ISSUER", "https://issuer.example")]
    [InlineData("AUTH_JWT_KEYS is '***': only PEM blocks", "AUTH_MODE", "jwt", "AUTH_JWT_ISSUER", "x", "AUTH_JWT_KEYS", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("AUTH_JWT_KEYS is '***': only public keys", "AUTH_MODE", "jwt", "AUTH_JWT_ISSUER", "x", "AUTH_JWT_KEYS", """{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}""")]
    [InlineData("AUTH_JWT_KEYS is '***': write at least one", "AUTH_MODE", "jwt", "AUTH_JWT_ISSUER", "x", "AUTH_JWT_KEYS", "hello")]
    [InlineData("AUTH_MODE is 'anonymous': AUTH_JWT_AUDIENCE is set", "AUTH_JWT_AUDIENCE", "tickets")]
    [InlineData("ALLOW_ANONYMOUS is 'true'", "AUTH_MODE", "api_key", "ALLOW_ANONYMOUS", "true")]
    [InlineData("ALLOW_ANONYMOUS is 'yes'", "ALLOW_ANONYMOUS", "yes")]
    [InlineData("TRUSTED_PROXIES is 'proxy'", "AUTH_MODE", "api_key", "TRUSTED_PROXIES", "proxy")]
    [InlineData("TRUSTED_PROXIES is '127.0.0.1': behind a proxy everybody has to sign in", "TRUSTED_PROXIES", "127.0.0.1")]
    [InlineData("AUTH_FAILURES_PER_MINUTE is '0'", "AUTH_FAILURES_PER_MINUTE", "0")]
    public async Task a_door_that_would_not_shut_keeps_the_service_from_starting(string fault, params string[] settings)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(
            "dotnet", [Repository.Program, "run"], settings.Chunk(2).ToDictionary(pair => pair[0], pair => (string?)pair[1]));

        exitCode.ShouldBe(2);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldStartWith(fault);
    }

    [Theory]
    [InlineData("AUTH_MODE", "api_key")]
    [InlineData("ALLOW_ANONYMOUS", "true")]
    public async Task with_a_door_or_without_one_by_name_it_serves_other_machines(string name, string value)
    {
        await using var service = await TicketService.StartAsync(local.Nats, ("HOST", "0.0.0.0"), (name, value));

        using var response = await service.SendAsync(HttpMethod.Get, "acme", "/api/v1/tickets", null, ("Host", "tickets.example"));

        response.StatusCode.ShouldBe(value == "true" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    // Whoever is let in without a name is one of this machine: a listener that the settings do not tell of would let others in.
    [Fact]
    public async Task it_listens_where_its_settings_say_and_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        int[] ports = [.. Enumerable.Range(0, 5).Select(_ => FreePort.Next())];
        await File.WriteAllTextAsync(folder.File("appsettings.json"), $$"""{"Kestrel:Endpoints:File:Url": "http://127.0.0.1:{{ports[0]}}"}""");
        await using var service = await TicketService.StartAsync(
            local.Nats,
            ("ASPNETCORE_CONTENTROOT", folder.Path),
            ("Kestrel__Endpoints__Other__Url", $"http://127.0.0.1:{ports[1]}"),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{ports[2]}"),
            ("HTTP_PORTS", $"{ports[3]}"),
            ("ASPNETCORE_HTTP_PORTS", $"{ports[4]}"));

        foreach (var port in ports)
        {
            using var client = new TcpClient();
            await Should.ThrowAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
        }
    }
}
