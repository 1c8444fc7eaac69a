using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class TicketChangesOnSqlite(RunningService running) : TicketChanges(running), IClassFixture<RunningService>;

public sealed class TicketChangesOnPostgreSql(RunningOnPostgreSql running) : TicketChanges(running), IClassFixture<RunningOnPostgreSql>;

public abstract class TicketChanges(RunningService running)
{
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_patch_changes_the_ticket_its_version_and_tells_it()
    {
        var path = await OpenAsync();

        using var patched = await _service.PatchAsync(
            _tenant, path, new { title = "Printer burns", assignee = "bob", status = "in_progress" }, ("If-Match", "\"1\""), ("Actor", "eve"));

        patched.StatusCode.ShouldBe(HttpStatusCode.OK);
        patched.Headers.ETag!.Tag.ShouldBe("\"2\"");
        var ticket = await patched.JsonAsync();
        ticket.GetProperty("status").GetString().ShouldBe("in_progress");
        (await (await _service.GetAsync(_tenant, path)).Content.ReadAsStringAsync()).ShouldBe(await patched.Content.ReadAsStringAsync());
        var events = await running.Nats.EventsAsync(_tenant, "ticket.updated", "ticket.assigned", "ticket.status_changed");
        events.Single(e => e.Subject == "ticket.updated").Json().GetProperty("before").GetProperty("title").GetString().ShouldBe("Printer");
        events.Single(e => e.Subject == "ticket.status_changed").Json().GetProperty("previous_status").GetString().ShouldBe("open");
        events.ShouldAllBe(e => e.Subject == "ticket.created" || !e.Subject.StartsWith("ticket.") || e.Json().GetProperty("actor").GetString() == "eve");
    }

    [Fact]
    public async Task when_it_was_resolved_and_closed_is_kept_until_it_is_opened_again()
    {
        var path = await OpenAsync();

        await ShouldHaveAsync("resolved", "resolved_at");
        await ShouldHaveAsync("closed", "resolved_at", "closed_at");
        await ShouldHaveAsync("open");

        async Task ShouldHaveAsync(string status, params string[] times)
        {
            using var patched = await _service.PatchAsync(_tenant, path, new { status });
            patched.StatusCode.ShouldBe(HttpStatusCode.OK, status);
            var stored = await (await _service.GetAsync(_tenant, path)).JsonAsync();
            stored.GetRawText().ShouldBe((await patched.JsonAsync()).GetRawText());
            stored.EnumerateObject().Where(member => member.Name is "resolved_at" or "closed_at").Select(member => member.Name).ShouldBe(times, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task of_fifty_patches_to_one_version_one_succeeds()
    {
        var path = await OpenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var response = await _service.PatchAsync(_tenant, path, new { title = $"Title {i}" }, ("If-Match", "\"1\""));
            return response.StatusCode;
        }));

        answers.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(status => status == HttpStatusCode.PreconditionFailed).ShouldBe(49);
    }

    [Fact]
    public async Task fifty_patches_to_any_version_all_succeed_one_after_another()
    {
        var path = await OpenAsync();

        var versions = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var response = await _service.PatchAsync(_tenant, path, new { title = $"Title {i}" });
            return (await response.JsonAsync()).GetProperty("version").GetInt32();
        }));

        versions.Order().ShouldBe(Enumerable.Range(2, 50));
    }

    // RFC 9110, 13.1.1: compared strongly, and true when one of them is the ticket's.
    [Theory]
    [InlineData("W/\"1\"", false)]
    [InlineData("\"x\"", false)]
    [InlineData("\"01\"", false)]
    [InlineData("\"0\"", false)]
    [InlineData("\"99999999999\"", false)]
    [InlineData("\"x\", W/\"1\"", false)]
    [InlineData("\"x\", \"7\"", false)]
    [InlineData("\"x\", \"1\"", true)]
    [InlineData("W/\"7\", \"1\", \"1\"", true)]
    [InlineData("*", true)]
    public async Task a_write_takes_effect_when_one_of_its_tags_is_the_ticket_s(string tags, bool matches)
    {
        var path = await OpenAsync();

        using var patched = await _service.PatchAsync(_tenant, path, new { title = "Printer burns" }, ("If-Match", tags));

        if (matches)
        {
            (await patched.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(2);
        }
        else
        {
            var problem = await patched.ProblemAsync(HttpStatusCode.PreconditionFailed, "version_conflict");
            problem.GetProperty("version").GetInt32().ShouldBe(1);
            problem.GetProperty("detail").GetString()!.ShouldNotContain($"{int.MaxValue}");
        }
    }

    [Fact]
    public async Task a_condition_on_a_ticket_that_is_not_there_does_not_hide_that()
    {
        using var missing = await _service.PatchAsync(_tenant, $"/api/v1/tickets/{Guid.NewGuid()}", new { title = "t" }, ("If-Match", "\"x\""));

        await missing.ProblemAsync(HttpStatusCode.NotFound, "ticket_not_found");
    }

    [Fact]
    public async Task a_forbidden_step_is_refused_with_those_that_are_allowed()
    {
        var path = await OpenAsync();
        (await _service.PatchAsync(_tenant, path, new { status = "closed" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await _service.PatchAsync(_tenant, path, new { status = "resolved" });

        var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "invalid_transition");
        problem.GetProperty("allowed").EnumerateArray().Select(status => status.GetString()).ShouldBe(["open"]);
    }

    [Fact]
    public async Task comments_are_added_and_listed_and_leave_the_version_alone()
    {
        var path = await OpenAsync();
        for (var i = 1; i <= 3; i++)
        {
            using var created = await _service.SendAsync(
                HttpMethod.Post, _tenant, $"{path}/comments", JsonContent.Create(new { author = "bob", body = $"Comment {i}" }));
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        using var first = await _service.GetAsync(_tenant, $"{path}/comments?limit=2");
        var page = await first.JsonAsync();
        using var second = await _service.GetAsync(_tenant, $"{path}/comments?limit=2&cursor={page.GetProperty("next_cursor").GetString()}");

        var last = await second.JsonAsync();
        Bodies(page).Concat(Bodies(last)).ShouldBe(["Comment 1", "Comment 2", "Comment 3"]);
        last.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
        (await _service.GetAsync(_tenant, path)).Headers.ETag!.Tag.ShouldBe("\"1\"");
        await running.Nats.EventsAsync(_tenant, "ticket.commented");
    }

    [Fact]
    public async Task a_deleted_ticket_is_gone_and_its_history_stays()
    {
        var path = await OpenAsync();
        using var stale = await _service.SendAsync(HttpMethod.Delete, _tenant, path, null, ("If-Match", "\"9\""));
        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "version_conflict");

        using var deleted = await _service.SendAsync(HttpMethod.Delete, _tenant, path, null, ("Actor", "eve"));

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await _service.GetAsync(_tenant, path)).ProblemAsync(HttpStatusCode.NotFound, "ticket_not_found");
        await (await _service.SendAsync(HttpMethod.Delete, _tenant, path, null)).ProblemAsync(HttpStatusCode.NotFound, "ticket_not_found");
        await (await _service.GetAsync(_tenant, $"{path}/comments")).ProblemAsync(HttpStatusCode.NotFound, "ticket_not_found");
        var history = await Eventually.Async(
            async () => (await (await _service.GetAsync(_tenant, $"{path}/history")).JsonAsync()).GetProperty("items").EnumerateArray().ToArray(),
            found => found.Length == 2,
            TimeSpan.FromSeconds(10),
            "the history has both records");
        history.Select(record => record.GetProperty("action").GetString()).ShouldBe(["ticket.deleted", "ticket.created"]);
        history[0].GetProperty("actor").GetString().ShouldBe("eve");
        history[0].GetProperty("before").GetProperty("title").GetString().ShouldBe("Printer");
    }

    [Fact]
    public async Task another_tenant_can_neither_change_nor_delete_nor_look_back()
    {
        var path = await OpenAsync();
        var other = RunningService.NewTenant();

        foreach (var response in new[]
        {
            await _service.PatchAsync(other, path, new { title = "Mine" }),
            await _service.SendAsync(HttpMethod.Delete, other, path, null),
            await _service.SendAsync(HttpMethod.Post, other, $"{path}/comments", JsonContent.Create(new { author = "x", body = "y" })),
            await _service.GetAsync(other, $"{path}/history"),
        })
        {
            await response.ProblemAsync(HttpStatusCode.NotFound, "ticket_not_found");
        }
    }

    private static IEnumerable<string?> Bodies(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(comment => comment.GetProperty("body").GetString());

    private async Task<string> OpenAsync()
    {
        using var created = await _service.CreateAsync(_tenant, "Printer");
        return created.Headers.Location!.ToString();
    }
}
