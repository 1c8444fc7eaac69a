using System.Net;
using System.Text;
using CsCheck;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>Whatever is sent, the answer is never a 5xx and the service stays.</summary>
public class Fuzzing(RunningService running) : IClassFixture<RunningService>
{
    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.String.Select(text => System.Text.Json.JsonSerializer.Serialize(text)),
        Gen.Int.Select(number => $"{number}"),
        Gen.Double.Select(number => FormattableString.Invariant($"{number}")),
        Gen.OneOf(Gen.Const("null"), Gen.Const("true"), Gen.Const("{}"), Gen.Const("[]"), Gen.Const("[[1]]"), Gen.Const("\"\\ud800\""), Gen.Const("1e999")),
        Gen.Int[1, 200].Select(depth => new string('[', depth) + new string(']', depth)),
        Gen.Int[1, 40_000].Select(length => $"\"{new string('x', length)}\""));

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Int[0, 12].Select(i => new[]
        {
            "title", "description", "priority", "status", "assignee", "tags", "due_at", "created_by", "ticket_id", "if_version", "author", "body", "$type",
        }[i]),
        Gen.String[0, 10]);

    private static readonly Gen<string> Body = Gen.OneOf(
        Gen.Select(Name, Value).List[0, 6].Select(members =>
            $"{{{string.Join(',', members.Select(member => $"{System.Text.Json.JsonSerializer.Serialize(member.Item1)}:{member.Item2}"))}}}"),
        Value,
        Gen.String,
        Gen.Select(Value, Gen.Int[0, 100]).Select((value, cut) => $"{{\"title\":{value}}}"[..^Math.Min(cut, value.Length)]));

    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task no_body_makes_the_service_fail()
    {
        using var created = await _service.CreateAsync(_tenant, "Target");
        var path = created.Headers.Location!.ToString();
        (HttpMethod Method, string Path)[] routes =
            [(HttpMethod.Post, "/api/v1/tickets"), (HttpMethod.Patch, path), (HttpMethod.Post, $"{path}/comments")];

        await Gen.Select(Body, Gen.Int[0, 2]).SampleAsync(
            async (body, route) =>
            {
                using var response = await _service.SendAsync(
                    routes[route].Method, _tenant, routes[route].Path, new StringContent(body, Encoding.UTF8, "application/json"));
                ((int)response.StatusCode).ShouldBeLessThan(500, body);
            },
            iter: 1500,
            threads: 4);

        (await _service.IsReadyAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task no_query_makes_the_service_fail() => await Gen.Select(Gen.String, Gen.Int[0, 12]).SampleAsync(
        async (value, i) =>
        {
            var names = new[]
            {
                "status", "priority", "assignee", "created_by", "tag", "created_after", "created_before", "updated_after", "updated_before", "q", "sort", "limit", "cursor",
            };
            using var response = await _service.GetAsync(_tenant, $"/api/v1/tickets?{names[i]}={Uri.EscapeDataString(value)}");
            ((int)response.StatusCode).ShouldBeLessThan(500, value);
        },
        iter: 600,
        threads: 4);

    [Fact]
    public async Task deep_and_huge_bodies_are_refused()
    {
        var deep = "{\"title\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        (await _service.PostAsync(_tenant, new StringContent(deep, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // Who expects the answer first is not cut off in the middle of its body.
        using var huge = await _service.PostAsync(
            _tenant, new StringContent(new string(' ', 5_000_000), Encoding.UTF8, "application/json"), ("Expect", "100-continue"));
        (await huge.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large")).GetProperty("detail").GetString()
            .ShouldBe("A body may have at most 262144 bytes; this one has 5000000.");
    }
}
