using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
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
        { """{"title": "t", "created_by": "ada", "colour": "red"}""", "colour" },
        { """{"title": "t", "created_by": "ada", "priority": "urgent"}""", "priority" },
        { """{"title": "t", "created_by": "ada", "priority": 3}""", "priority" },
        { """{"title": "t", "created_by": "ada", "tags": "x"}""", "tags" },
        { """{"title": "t", "created_by": "ada", "tags": [""]}""", "tags" },
        { $$"""{"title": "t", "created_by": "ada", "description": "{{new string('x', 20_001)}}"}""", "description" },
        { """{"title": "t", "created_by": "ada", "due_at": "tomorrow"}""", "due_at" },
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

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
        problem.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
        (await _service.ListAsync(_tenant)).ShouldBeEmpty();
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

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest, "invalid_tenant");
        problem.GetProperty("errors").TryGetProperty("X-Tenant-ID", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task another_media_type_is_refused()
    {
        using var response = await _service.PostAsync(_tenant, new StringContent(Good, Encoding.UTF8, "text/plain"));

        await ProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task a_body_over_the_limit_is_refused()
    {
        using var response = await PostAsync(_tenant, $$"""{"title": "t", "created_by": "ada", "description": "{{new string('x', 300_000)}}"}""");

        await ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task an_unknown_route_is_a_problem_too()
    {
        using var response = await _service.GetAsync(_tenant, "/api/v1/nothing");

        await ProblemAsync(response, HttpStatusCode.NotFound, "not_found");
    }

    private Task<HttpResponseMessage> PostAsync(string? tenant, string body) =>
        _service.PostAsync(tenant, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        return problem;
    }
}
