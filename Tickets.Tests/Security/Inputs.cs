using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NatsServers;
using Tickets.Contracts;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>What strangers may send, and what becomes of it.</summary>
public class Inputs(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    public static TheoryData<string> BadBodies => new()
    {
        Nested(33),
        Nested(100_000),
        """{"title": "t", "created_by": "ada", "tenant": "other"}""",
        """{"title": "t", "created_by": "ada", "__proto__": {}}""",
        """{"title": "t", "created_by": "ada",}""",
        """{"title": "t", "created_by": "ada"} {}""",
        """{"title": "t", /* */ "created_by": "ada"}""",
        "{\"title\": \"t\u0000\", \"created_by\": \"ada\"}",
        """{"title": "a\u001b[2Jb", "created_by": "ada"}""",
    };

    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public async Task a_body_that_is_too_deep_or_malformed_is_refused_over_http_and_nats_alike(string body)
    {
        using var response = await _service.PostAsync(_tenant, new StringContent(body, Encoding.UTF8, "application/json"));
        await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");

        await using var connection = _nats.Connect();
        var reply = await connection.RequestAsync<byte[], string>($"ticket.api.{_tenant}.create", Encoding.UTF8.GetBytes(body));
        reply.Data!.ShouldContain("\"validation_failed\"");
        await connection.PublishAsync($"ticket.commands.{_tenant}.create", Encoding.UTF8.GetBytes(body));
        await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 1);

        (await _service.CreateAsync(_tenant, "Still there")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
    }

    [Fact]
    public void nothing_is_read_that_is_deeper_than_32_levels()
    {
        // As HTTP, NATS and the queue configure their reader.
        var options = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        WireJson.Configure(options);

        JsonSerializer.Deserialize<JsonElement>(new string('[', 32) + new string(']', 32), options).ValueKind.ShouldBe(JsonValueKind.Array);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<JsonElement>(new string('[', 33) + new string(']', 33), options));
    }

    [Theory]
    [InlineData("X-Correlation-ID: a\rX-Evil: 1")]
    [InlineData("X-Correlation-ID: a\nX-Evil: 1")]
    [InlineData("X-Correlation-ID: a\u0001b")]
    [InlineData("X-Correlation-ID: a%0d%0aX-Evil: 1")]
    [InlineData("X-Tenant-ID: acme\0")]
    [InlineData("Actor: a\u001b[2J")]
    [InlineData("Idempotency-Key: a\u007f")]
    [InlineData("Prefer: wait=5\u0085X-Evil: 1")]
    public async Task a_control_character_in_a_header_gets_nowhere(string header)
    {
        var answer = await SendRawAsync(header);

        // Refused, or not taken over: nothing has to fail on its way back.
        answer.Split(' ')[1].ShouldBeOneOf("201", "400");
        answer.ShouldNotContain("\nX-Evil", Case.Insensitive);
        answer.ShouldNotContain("\u001b");
        answer.ShouldNotContain("\u0001");
    }

    [Fact]
    public async Task what_a_stranger_wrote_neither_steers_a_terminal_nor_begins_a_line_in_the_log()
    {
        var letter = await _nats.WriteLetterAsync(
            _tenant, "create", "{}", Guid.NewGuid().ToString(), ("Dlq-Reason", "odd \u001b[2J\u202Egnirts\u0007 end-of-reason"));

        (await _service.SendAsync(HttpMethod.Delete, _tenant, Letters.PathOf(letter), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var line = (await Eventually.Async(
            () => Task.FromResult(_service.Output), output => output.Contains("end-of-reason", StringComparison.Ordinal), Limit, "it is logged"))
            .Split('\n').Single(text => text.Contains("end-of-reason", StringComparison.Ordinal));
        line.ShouldContain("was discarded");
        line.ShouldNotContain("\u001b");
        line.ShouldNotContain("\u0007");
        line.ShouldNotContain("\u202E");
    }

    [Fact]
    public async Task no_answer_tells_how_the_service_is_made()
    {
        foreach (var (method, path) in new[] { ("GET", "/api/v1/tickets?sort='"), ("GET", "/api/v1/tickets?q=%00"), ("GET", "/api/v1/tickets/%27%20OR%201=1"), ("TRACE", "/api/v1/tickets"), ("GET", "/api/v1/tickets?cursor=%F0"), ("GET", "/%2e%2e/%2e%2e/etc/passwd") })
        {
            using var response = await _service.SendAsync(new HttpMethod(method), _tenant, path, null);
            var body = await response.Content.ReadAsStringAsync();

            ((int)response.StatusCode).ShouldBeInRange(400, 499, path);
            foreach (var trace in new[] { "   at ", "SELECT", "Exception", "Sqlite", "Npgsql" })
            {
                body.ShouldNotContain(trace, Case.Sensitive, path);
            }

            response.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    private static string Nested(int depth) => $$"""{"title": "t", "created_by": "ada", "tags": {{new string('[', depth)}}{{new string(']', depth)}}}""";

    private async Task<string> SendRawAsync(string header)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_service.Http.BaseAddress!.Host, _service.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        var tenant = header.StartsWith("X-Tenant", StringComparison.Ordinal) ? string.Empty : $"X-Tenant-ID: {_tenant}\r\n";
        const string Body = """{"title": "t", "created_by": "ada"}""";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n{tenant}{header}\r\n\r\n{Body}"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Limit);
    }
}
