using System.Net;
using System.Text;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class BadRequests(RunningService running) : IClassFixture<RunningService>
{
    private const string Good = """{"title": "t", "created_by": "ada"}""";
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    public static TheoryData<string, string> Bodies => new()
    {
        { """{"created_by": "ada"}""", "title" },
        { """{"title": "", "created_by": "ada"}""", "title" },
        { """{"title": "   ", "created_by": "ada"}""", "title" },
        { """{"title": null, "created_by": "ada"}""", "title" },
        { """{"title": 7, "created_by": "ada"}""", "title" },
        { $$"""{"title": "{{new string('x', 201)}}", "created_by": "ada"}""", "title" },
        { """{"title": "t"}""", "created_by" },
        { """{"title": "t", "created_by": null}""", "created_by" },
        { """{"title": "t", "created_by": " "}""", "created_by" },
        { """{"title": "t", "created_by": ["ada"]}""", "created_by" },
        { $$"""{"title": "t", "created_by": "{{new string('x', 201)}}"}""", "created_by" },
        { """{"title": "t", "created_by": "ada", "description": {}}""", "description" },
        { """{"title": "t", "created_by": "ada", "assignee": ""}""", "assignee" },
        { """{"title": "t", "created_by": "ada", "assignee": 7}""", "assignee" },
        { $$"""{"title": "t", "created_by": "ada", "assignee": "{{new string('x', 201)}}"}""", "assignee" },
        { """{"title": "t", "created_by": "ada", "priority": ""}""", "priority" },
        { """{"title": "t", "created_by": "ada", "due_at": ""}""", "due_at" },
        { $$"""{"title": "t", "created_by": "ada", "tags": ["{{new string('x', 51)}}"]}""", "tags" },
        { $$"""{"title": "t", "created_by": "ada", "tags": [{{string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"{i}\""))}}]}""", "tags" },
        { """{"title": "t", "created_by": "ada", "status": "closed"}""", "status" },
        { """{"title": "t", "created_by": "ada", "colour": "red"}""", "colour" },
        { """{"title": "t", "created_by": "ada", "priority": "urgent"}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": 3}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": "High"}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": " high "}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": "low\n"}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": "medium, high"}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": "\ud800"}""", "priority" },
        { """{"Title": "t", "created_by": "ada"}""", "Title" },
        { """{"title": "t", "created_by": "ada", "Due_At": null}""", "Due_At" },
        { """{"title": "t", "created_by": "ada", "title": "u"}""", "title" },
        { """{"title": "t", "created_by": "ada", "description": null, "descri\u0070tion": "d"}""", "description" },
        { """{"title": "t", "created_by": "ada", "tags": "x"}""", "tags" },
        { """{"title": "t", "created_by": "ada", "tags": [""]}""", "tags" },
        { """{"title": "t", "created_by": "ada", "tags": ["fine", "a\nb"]}""", "tags" },
        { $$"""{"title": "t", "created_by": "ada", "description": "{{new string('x', 20_001)}}"}""", "description" },
        { """{"title": "t", "created_by": "ada", "due_at": "tomorrow"}""", "due_at" },
        { """{"title": "t", "created_by": "ada", "due_at": "2026-12-01T09:00:00"}""", "due_at" },
        { """{"title": "t", "created_by": "ada", "due_at": "2026-12-01"}""", "due_at" },
        { "not json", "body" },
        { """{"title": """, "body" },
        { "[]", "body" },
        { "null", "body" },
        { "", "body" },
    };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task a_body_that_breaks_a_rule_is_refused_by_the_name_of_the_field(string body, string field)
    {
        using var response = await PostAsync(_tenant, body);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
        (await _service.ListAsync(_tenant)).ShouldBeEmpty();
    }

    public static TheoryData<string, string> Patches => new()
    {
        { """{"title": null}""", "title" },
        { """{"title": ""}""", "title" },
        { """{"title": 7}""", "title" },
        { $$"""{"title": "{{new string('x', 201)}}"}""", "title" },
        { """{"title": "two\nlines"}""", "title" },
        { """{"description": 7}""", "description" },
        { $$"""{"description": "{{new string('x', 20_001)}}"}""", "description" },
        { """{"priority": null}""", "priority" },
        { """{"priority": "urgent"}""", "priority" },
        { """{"priority": 1}""", "priority" },
        { """{"status": null}""", "status" },
        { """{"status": "done"}""", "status" },
        { """{"status": 1}""", "status" },
        { """{"status": "In_Progress"}""", "status" },
        { """{"status": "on_hold,closed"}""", "status" },
        { """{"STATUS": "closed"}""", "STATUS" },
        { """{"assignee": ""}""", "assignee" },
        { """{"assignee": {}}""", "assignee" },
        { """{"tags": "x"}""", "tags" },
        { """{"tags": [7]}""", "tags" },
        { """{"tags": [null]}""", "tags" },
        { """{"tags": [" "]}""", "tags" },
        { """{"tags": ["a\u001bb"]}""", "tags" },
        { """{"due_at": "tomorrow"}""", "due_at" },
        { """{"due_at": 7}""", "due_at" },
        { """{"due_at": "2026-12-01T09:00:00"}""", "due_at" },
        { """{"status": "closed", "status": "open"}""", "status" },
        { """{"number": 7}""", "number" },
        { """{"created_by": "eve"}""", "created_by" },
        { """{"ticket_id": "01a2098b-e4e5-70c8-87bb-b473a049891e"}""", "ticket_id" },
        { """{"if_version": 1}""", "if_version" },
        { "[]", "body" },
        { "", "body" },
        { "{", "body" },
    };

    [Theory]
    [MemberData(nameof(Patches), DisableDiscoveryEnumeration = true)]
    public async Task a_patch_that_breaks_a_rule_is_refused_by_the_name_of_the_field(string patch, string field)
    {
        using var created = await _service.CreateAsync(_tenant, "Stays");

        using var response = await SendAsync(HttpMethod.Patch, created.Headers.Location!.ToString(), patch);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
    }

    public static TheoryData<string, string> Comments => new()
    {
        { """{"body": "b"}""", "author" },
        { """{"author": "a"}""", "body" },
        { """{"author": null, "body": "b"}""", "author" },
        { """{"author": "a", "body": null}""", "body" },
        { """{"author": "", "body": "b"}""", "author" },
        { """{"author": "a", "body": " "}""", "body" },
        { """{"author": 7, "body": "b"}""", "author" },
        { """{"author": "a", "body": []}""", "body" },
        { $$"""{"author": "{{new string('x', 201)}}", "body": "b"}""", "author" },
        { $$"""{"author": "a", "body": "{{new string('x', 20_001)}}"}""", "body" },
        { """{"author": "a", "body": "b", "id": 7}""", "id" },
        { """{"Author": "a", "body": "b"}""", "Author" },
        { """{"author": "a", "body": "b", "author": "c"}""", "author" },
    };

    [Theory]
    [MemberData(nameof(Comments), DisableDiscoveryEnumeration = true)]
    public async Task a_comment_that_breaks_a_rule_is_refused_by_the_name_of_the_field(string comment, string field)
    {
        using var created = await _service.CreateAsync(_tenant, "Quiet");

        using var response = await SendAsync(HttpMethod.Post, $"{created.Headers.Location}/comments", comment);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
    }

    [Theory]
    [InlineData("If-Match", "3")]
    [InlineData("If-Match", "")]
    [InlineData("If-Match", "\"1")]
    [InlineData("If-Match", "\"1\" \"2\"")]
    [InlineData("If-Match", "*, \"1\"")]
    [InlineData("If-Match", "\"1\", \"2\"")]
    [InlineData("Actor", "")]
    public async Task a_header_that_can_not_be_is_refused_by_name(string header, string value)
    {
        using var created = await _service.CreateAsync(_tenant, "Stays");

        using var response = await _service.PatchAsync(_tenant, created.Headers.Location!.ToString(), new { title = "t" }, (header, value));

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(header, out _).ShouldBeTrue(problem.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("*")]
    [InlineData("a b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task a_missing_or_malformed_tenant_is_refused(string? tenant)
    {
        using var response = await PostAsync(tenant, Good);

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_tenant");
        problem.GetProperty("errors").TryGetProperty("X-Tenant-ID", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task a_body_over_the_limit_is_refused()
    {
        using var response = await PostAsync(_tenant, $$"""{"title": "t", "created_by": "ada", "description": "{{new string('x', 300_000)}}"}""");

        var problem = await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        problem.GetProperty("limit").GetInt64().ShouldBe(256 * 1024);
        problem.GetProperty("size").GetInt64().ShouldBe(response.RequestMessage!.Content!.Headers.ContentLength!.Value);
    }

    [Fact]
    public async Task a_parameter_that_a_route_does_not_know_is_refused_by_its_name()
    {
        foreach (var (method, path) in await _service.RoutesAsync(("Accept", "*/*")))
        {
            var address = path.Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal).Replace("{sequence}", "1", StringComparison.Ordinal);
            using var response = await _service.SendAsync(method, $"{address}?limit=7&colour=red", _tenant, ("Accept", "*/*"));

            var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
            problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldBeOneOf("colour", "limit");
        }

        using var fine = await _service.GetAsync(_tenant, "/api/v1/audit?limit=7");
        fine.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/comments")]
    [InlineData("POST", "/comments")]
    [InlineData("GET", "/history")]
    public async Task what_is_no_uuid_names_no_ticket(string method, string rest)
    {
        foreach (var id in new[] { "7", "01a2098be4e570c887bbb473a049891e", "%7B01a2098b-e4e5-70c8-87bb-b473a049891e%7D" })
        {
            using var body = method is "GET" or "DELETE" ? null : new StringContent(rest.Length == 0 ? "{}" : """{"author": "ada", "body": "b"}""", Encoding.UTF8, "application/json");
            using var response = await _service.SendAsync(new HttpMethod(method), _tenant, $"/api/v1/tickets/{id}{rest}", body);

            var problem = await response.ProblemAsync(HttpStatusCode.NotFound, "ticket_not_found");
            problem.GetProperty("detail").GetString().ShouldBe($"There is no ticket '{Uri.UnescapeDataString(id)}'.");
        }
    }

    [Theory]
    [InlineData("/api/v1/nothing", "not_found")]
    [InlineData("/api/v1/tickets/7", "ticket_not_found")]
    public async Task a_problem_is_one_whatever_the_client_accepts(string path, string code)
    {
        foreach (var accepted in new[] { "text/html", "text/event-stream", "application/xml" })
        {
            using var response = await _service.SendAsync(HttpMethod.Get, _tenant, path, body: null, ("Accept", accepted));

            (await response.ProblemAsync(HttpStatusCode.NotFound, code)).GetProperty("type").GetString().ShouldBe("https://tools.ietf.org/html/rfc9110#section-15.5.5");
        }
    }

    [Fact]
    public async Task an_unknown_route_is_a_problem_too()
    {
        using var response = await _service.GetAsync(_tenant, "/api/v1/nothing");

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body) =>
        _service.SendAsync(method, _tenant, path, new StringContent(body, Encoding.UTF8, "application/json"));

    private Task<HttpResponseMessage> PostAsync(string? tenant, string body) =>
        _service.PostAsync(tenant, new StringContent(body, Encoding.UTF8, "application/json"));
}
