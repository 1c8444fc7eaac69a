using System.Net;
using System.Text.Json;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The API tells what it offers.</summary>
public class ApiDescriptions(RunningService running) : IClassFixture<RunningService>
{
    private readonly TicketService _service = running.Service;

    public static TheoryData<string, string, string> Operations => new()
    {
        { "post", "/api/v1/tickets", "201 202 400 401 403 409 413 415 422 429 503 504" },
        { "get", "/api/v1/tickets", "200 400 401 403 429" },
        { "get", "/api/v1/tickets/{id}", "200 304 400 401 403 404 429" },
        { "patch", "/api/v1/tickets/{id}", "200 202 400 401 403 404 409 412 413 415 422 429 503 504" },
        { "delete", "/api/v1/tickets/{id}", "202 204 400 401 403 404 409 412 422 429 503 504" },
        { "post", "/api/v1/tickets/{id}/comments", "201 202 400 401 403 404 409 412 413 415 422 429 503 504" },
        { "get", "/api/v1/tickets/{id}/comments", "200 400 401 403 404 429" },
        { "get", "/api/v1/tickets/{id}/history", "200 400 401 403 404 429" },
        { "get", "/api/v1/audit", "200 400 401 403 429" },
        { "get", "/api/v1/notifications", "200 400 401 403 429" },
        { "get", "/api/v1/operations/{id}", "200 400 401 403 404 429" },
        { "get", "/api/v1/events", "200 400 401 403 429 503" },
        { "get", "/api/v1/dead-letters", "200 400 401 403 429 503" },
        { "get", "/api/v1/dead-letters/{sequence}", "200 400 401 403 404 429 503" },
        { "post", "/api/v1/dead-letters/{sequence}/replay", "200 202 400 401 403 404 409 429 503" },
        { "delete", "/api/v1/dead-letters/{sequence}", "204 400 401 403 404 429 503" },
    };

    [Theory]
    [MemberData(nameof(Operations), DisableDiscoveryEnumeration = true)]
    public async Task every_operation_tells_its_answers_with_examples(string method, string path, string statuses)
    {
        var operation = (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);

        operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
        var responses = operation.GetProperty("responses").EnumerateObject().ToArray();
        string.Join(' ', responses.Select(response => response.Name).Order()).ShouldBe(statuses);
        foreach (var media in responses.Where(response => response.Value.TryGetProperty("content", out _))
            .SelectMany(response => response.Value.GetProperty("content").EnumerateObject())
            .Where(media => media.Name.EndsWith("json")))
        {
            media.Value.TryGetProperty("example", out _).ShouldBeTrue($"{method} {path} {media.Name}");
        }
    }

    [Fact]
    public async Task nothing_is_left_out() =>
        (await DocumentAsync()).GetProperty("paths").EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()).ShouldBe(Operations.Count);

    [Fact]
    public async Task a_patch_is_described_by_what_its_members_hold()
    {
        var document = await DocumentAsync();
        var status = document.GetProperty("components").GetProperty("schemas").GetProperty("OptionalOfTicketStatus");

        status.GetProperty("enum").EnumerateArray().Select(value => value.GetString()).ShouldContain("in_progress");
    }

    [Fact]
    public async Task a_list_always_says_whether_a_page_follows()
    {
        var document = await DocumentAsync();
        var lists = document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Value.TryGetProperty("properties", out var properties) && properties.TryGetProperty("next_cursor", out _)).ToArray();

        lists.Length.ShouldBe(5);
        foreach (var list in lists)
        {
            list.Value.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldContain("next_cursor", list.Name);
            list.Value.GetProperty("properties").GetProperty("next_cursor").GetProperty("type").EnumerateArray().Select(name => name.GetString()).ShouldBe(["null", "string"], ignoreOrder: true);
        }

        var example = document.GetProperty("paths").GetProperty("/api/v1/audit").GetProperty("get").GetProperty("responses").GetProperty("200")
            .GetProperty("content").GetProperty("application/json").GetProperty("example");
        example.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);

        using var overNats = await _service.Http.GetAsync("/asyncapi.json");
        (await overNats.JsonAsync()).GetProperty("components").GetProperty("messages").GetProperty("answer.list").GetProperty("payload")
            .GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["tickets", "next_cursor"]);
    }

    [Fact]
    public async Task a_page_shows_it()
    {
        using var page = await _service.Http.GetAsync("/docs");
        using var script = await _service.Http.GetAsync("/docs/scalar.js");

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldContain("openapi/v1.json");
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var response = await _service.Http.GetAsync("/openapi/v1.json");
        return await response.JsonAsync();
    }
}
