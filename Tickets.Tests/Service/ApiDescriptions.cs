using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>The API tells what it offers.</summary>
public partial class ApiDescriptions(RunningService running) : IClassFixture<RunningService>
{
    private static readonly string[] Headers = ["ETag", "Location", "Link", "Retry-After", "Idempotency-Replayed"];
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

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
    public async Task every_reference_leads_somewhere()
    {
        using var overNats = await _service.Http.GetAsync("/asyncapi.json");

        foreach (var document in new[] { await DocumentAsync(), await overNats.JsonAsync() })
        {
            var pointers = PointersIn(document).Distinct().ToArray();
            pointers.Length.ShouldBeGreaterThan(10);
            pointers.ShouldAllBe(pointer => document.Resolve(pointer).ValueKind == JsonValueKind.Object);
        }
    }

    [Fact]
    public async Task answers_are_as_they_are_described()
    {
        var ticket = new { title = "Described", created_by = "ada" };
        var key = ("Idempotency-Key", "k");
        var id = (await AnswerAsync("post", "/api/v1/tickets", ticket, headers: key)).GetProperty("id").GetString()!;
        await AnswerAsync("post", "/api/v1/tickets", ticket, headers: key);
        await AnswerAsync("post", "/api/v1/tickets", ticket, headers: ("Prefer", "respond-async"));
        await AnswerAsync("post", "/api/v1/tickets", new { title = "By nobody" });
        await AnswerAsync("get", "/api/v1/tickets/{id}", id: id);
        await AnswerAsync("get", "/api/v1/tickets/{id}", id: id, headers: ("If-None-Match", "\"1\""));
        await AnswerAsync("patch", "/api/v1/tickets/{id}", new { priority = "critical", assignee = "bob" }, id);
        await AnswerAsync("post", "/api/v1/tickets/{id}/comments", new { author = "ada", body = "It smokes." }, id);
        await AnswerAsync("get", "/api/v1/tickets/{id}/comments", id: id);
        await AnswerAsync("get", "/api/v1/tickets", query: "?limit=1");
        await AnswerAsync("delete", "/api/v1/tickets/{id}", id: id);
        await AnswerAsync("get", "/api/v1/tickets/{id}", id: id);
        await AnswerAsync("get", "/api/v1/tickets/{id}/history", id: id);
        await AnswerAsync("get", "/api/v1/audit", query: "?limit=1");
        await AnswerAsync("get", "/api/v1/notifications");
        await AnswerAsync("get", "/api/v1/operations/{id}", id: $"{Guid.NewGuid()}");

        var letter = await running.Nats.WriteLetterAsync(_tenant, "create", JsonSerializer.Serialize(ticket), $"{Guid.NewGuid()}");
        await AnswerAsync("get", "/api/v1/dead-letters");
        await AnswerAsync("get", "/api/v1/dead-letters/{sequence}", id: letter.ToString(CultureInfo.InvariantCulture));
        await AnswerAsync("post", "/api/v1/dead-letters/{sequence}/replay", id: letter.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("post", "/api/v1/tickets")]
    [InlineData("patch", "/api/v1/tickets/{id}")]
    [InlineData("post", "/api/v1/tickets/{id}/comments")]
    public async Task a_body_is_described_with_the_limits_that_it_has(string method, string path)
    {
        using var created = await _service.CreateAsync(_tenant, "Limits");
        var address = path.Replace("{id}", created.Headers.Location!.ToString().Split('/')[^1], StringComparison.Ordinal);
        var document = await DocumentAsync();
        var schema = document.Resolve(document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!);
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToArray() : [];
        var limited = 0;

        foreach (var missing in required)
        {
            (await StatusAsync(null, required.Except([missing]))).ShouldBe(HttpStatusCode.BadRequest, missing);
        }

        foreach (var (name, fits, doesNot) in schema.GetProperty("properties").EnumerateObject().SelectMany(member => AtTheLimit(member.Name, member.Value)))
        {
            ((int)await StatusAsync((name, fits), required)).ShouldBeInRange(200, 299, name);
            (await StatusAsync((name, doesNot), required)).ShouldBe(HttpStatusCode.BadRequest, name);
            limited++;
        }

        limited.ShouldBeGreaterThan(required.Length);
        schema.GetProperty("properties").EnumerateObject().Select(member => member.Name).ShouldNotContain(name => name == "ticket_id" || name == "if_version");

        async Task<HttpStatusCode> StatusAsync((string Name, JsonNode? Value)? member, IEnumerable<string> given)
        {
            var body = new JsonObject(given.Select(name => KeyValuePair.Create(name, (JsonNode?)"x")));
            if (member is { } set)
            {
                body[set.Name] = set.Value;
            }

            using var answer = await _service.SendAsync(new HttpMethod(method), _tenant, address, JsonContent.Create(body));
            return answer.StatusCode;
        }
    }

    // What just fits a member, and what just does not.
    private static IEnumerable<(string Name, JsonNode? Fits, JsonNode? DoesNot)> AtTheLimit(string name, JsonElement schema)
    {
        if (schema.TryGetProperty("maxLength", out var longest))
        {
            yield return (name, new string('x', longest.GetInt32()), new string('x', longest.GetInt32() + 1));
        }

        if (schema.TryGetProperty("minLength", out var shortest))
        {
            yield return (name, new string('x', shortest.GetInt32()), new string('x', shortest.GetInt32() - 1));
        }

        if (schema.TryGetProperty("maxItems", out var most))
        {
            yield return (name, Tags(most.GetInt32()), Tags(most.GetInt32() + 1));
            foreach (var (_, fits, doesNot) in AtTheLimit(name, schema.GetProperty("items")))
            {
                yield return (name, new JsonArray(fits), new JsonArray(doesNot));
            }
        }
    }

    private static JsonArray Tags(int count) => [.. Enumerable.Range(0, count).Select(i => (JsonNode)$"tag {i}")];

    [Fact]
    public async Task a_page_shows_it()
    {
        using var page = await _service.Http.GetAsync("/docs");
        using var script = await _service.Http.GetAsync("/docs/scalar.js");

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldContain("openapi/v1.json");
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // The answer's body, once it and its headers have been compared with what the document says of them.
    private async Task<JsonElement> AnswerAsync(
        string method, string path, object? body = null, string? id = null, string query = "", params (string Name, string Value)[] headers)
    {
        using var answer = await _service.SendAsync(
            new HttpMethod(method), _tenant, Placeholder().Replace(path, id ?? string.Empty) + query, body is null ? null : JsonContent.Create(body), headers);
        var (document, what) = (await DocumentAsync(), $"{method} {path} {(int)answer.StatusCode}");
        var described = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses")
            .GetProperty(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        foreach (var header in Headers.Where(name => answer.Headers.TryGetValues(name, out _)))
        {
            described.TryGetProperty("headers", out var known).ShouldBeTrue($"{what} {header}");
            known.TryGetProperty(header, out _).ShouldBeTrue($"{what} {header}");
        }

        if (answer.Content.Headers.ContentType?.MediaType is not { } type)
        {
            return default;
        }

        var told = await answer.JsonAsync();
        document.FaultsOf(described.GetProperty("content").GetProperty(type).GetProperty("schema"), told).ShouldBeEmpty($"{what} {told}");
        return told;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    private async Task<JsonElement> DocumentAsync()
    {
        using var response = await _service.Http.GetAsync("/openapi/v1.json");
        return await response.JsonAsync();
    }

    private static IEnumerable<string> PointersIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : PointersIn(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(PointersIn),
        _ => [],
    };
}
