using System.Net;
using System.Text;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>Every answer says what it belongs to, also one that refuses.</summary>
public class Correlations(RunningService running) : IClassFixture<RunningService>
{
    private const string Header = "X-Correlation-ID";
    private const string Tickets = "/api/v1/tickets";
    private readonly TicketService _service = running.Service;

    public static TheoryData<string, string, string?, HttpStatusCode> Requests => new()
    {
        { "GET", Tickets, null, HttpStatusCode.OK },
        { "GET", $"{Tickets}?colour=red", null, HttpStatusCode.BadRequest },
        { "GET", $"{Tickets}/none", null, HttpStatusCode.NotFound },
        { "GET", $"{Tickets}/{Guid.NewGuid()}", null, HttpStatusCode.NotFound },
        { "GET", "/nowhere", null, HttpStatusCode.NotFound },
        { "PUT", Tickets, null, HttpStatusCode.MethodNotAllowed },
        { "POST", Tickets, """{"title": """, HttpStatusCode.BadRequest },
        { "POST", Tickets, """{"title": "t", "created_by": "ada", "colour": "red"}""", HttpStatusCode.BadRequest },
        { "POST", Tickets, """{"title": "", "created_by": "ada"}""", HttpStatusCode.BadRequest },
        { "POST", Tickets, $"\"{new string('x', 300 * 1024)}\"", HttpStatusCode.RequestEntityTooLarge },
        { "PATCH", $"{Tickets}/none", "{}", HttpStatusCode.NotFound },
        { "GET", "/health/live", null, HttpStatusCode.OK },
    };

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task what_a_client_gave_is_returned(string method, string path, string? body, HttpStatusCode status)
    {
        using var response = await SendAsync(method, path, body, (Header, "order-17"), ("X-Tenant-ID", RunningService.NewTenant()));

        response.StatusCode.ShouldBe(status);
        response.Headers.GetValues(Header).ShouldBe(["order-17"]);
    }

    [Fact]
    public async Task what_can_not_be_used_is_replaced_by_the_trace()
    {
        using var response = await SendAsync("GET", Tickets, body: null, (Header, new string('a', 300)));

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_tenant");
        response.Headers.GetValues(Header).ShouldBe([problem.GetProperty("trace_id").GetString()]);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return _service.Http.SendAsync(request);
    }
}
