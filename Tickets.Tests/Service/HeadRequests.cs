using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>HEAD, with which clients ask whether something is there or has changed (RFC 9110, 9.3.2).</summary>
public sealed class HeadRequests(RunningService running) : IClassFixture<RunningService>
{
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task it_is_answered_as_GET_without_the_body()
    {
        using var created = await _service.CreateAsync(_tenant, "t");
        var path = created.Headers.Location!.ToString();

        using var got = await _service.GetAsync(_tenant, path);
        using var asked = await _service.SendAsync(HttpMethod.Head, _tenant, path, body: null);

        asked.StatusCode.ShouldBe(HttpStatusCode.OK);
        asked.Headers.ETag.ShouldBe(got.Headers.ETag);
        asked.Content.Headers.ContentType.ShouldBe(got.Content.Headers.ContentType);
        (await asked.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        (await got.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString().ShouldBe("t");
    }

    [Theory]
    [InlineData("/api/v1/tickets?limit=5", HttpStatusCode.OK)]
    [InlineData("/api/v1/tickets?limt=5", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/tickets/0190c5a0-0000-7000-8000-000000000000", HttpStatusCode.NotFound)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task it_gets_the_status_of_GET(string path, HttpStatusCode status)
    {
        using var asked = await _service.SendAsync(HttpMethod.Head, _tenant, path, body: null);

        asked.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task events_have_no_end_and_are_refused()
    {
        using var asked = await _service.SendAsync(HttpMethod.Head, _tenant, "/api/v1/events", body: null);

        asked.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        asked.Content.Headers.Allow.ShouldBe(["GET"]);
    }
}
