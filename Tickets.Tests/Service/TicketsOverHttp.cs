using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public sealed class TicketsOverHttpOnSqlite(RunningService running) : TicketsOverHttp(running), IClassFixture<RunningService>;

public sealed class TicketsOverHttpOnPostgreSql(RunningOnPostgreSql running) : TicketsOverHttp(running), IClassFixture<RunningOnPostgreSql>;

public abstract class TicketsOverHttp(RunningService running)
{
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_new_ticket_is_answered_with_its_address_and_version_and_listed()
    {
        using var created = await _service.CreateAsync(_tenant, "  Printer on fire ", "since 9 o'clock");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var ticket = await created.Content.ReadFromJsonAsync<JsonElement>();
        var id = ticket.GetProperty("id").GetString();
        created.Headers.Location!.ToString().ShouldBe($"/api/v1/tickets/{id}");
        created.Headers.ETag!.Tag.ShouldBe("\"1\"");
        ticket.GetProperty("title").GetString().ShouldBe("Printer on fire");
        ticket.GetProperty("number").GetInt64().ShouldBe(1);
        ticket.GetProperty("status").GetString().ShouldBe("open");
        ticket.GetProperty("priority").GetString().ShouldBe("medium");
        (await _service.ListAsync(_tenant)).Single().GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task a_title_of_200_characters_is_taken_however_they_are_encoded()
    {
        var title = string.Concat(Enumerable.Repeat("🔥", 200));

        using var created = await _service.CreateAsync(_tenant, $"{title}\n");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _service.ListAsync(_tenant)).Single().GetProperty("title").GetString().ShouldBe(title);
    }

    [Fact]
    public async Task a_ticket_is_found_by_its_id_and_not_sent_again_to_who_has_it()
    {
        using var created = await _service.CreateAsync(_tenant, "Found");

        using var found = await _service.GetAsync(_tenant, created.Headers.Location!.ToString());
        found.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await found.Content.ReadAsStringAsync()).ShouldBe(await created.Content.ReadAsStringAsync());

        using var known = await _service.GetAsync(_tenant, created.Headers.Location!.ToString(), ifNoneMatch: "\"1\"");
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task what_is_one_tenants_is_kept_by_no_cache_for_another()
    {
        using var created = await _service.CreateAsync(_tenant, "Mine");
        var path = created.Headers.Location!.ToString();

        using var found = await _service.GetAsync(_tenant, path);
        using var known = await _service.GetAsync(_tenant, path, ifNoneMatch: "\"1\"");
        using var listed = await _service.GetAsync(_tenant, "/api/v1/tickets");
        using var missing = await _service.GetAsync(_tenant, $"/api/v1/tickets/{Guid.NewGuid()}");
        using var refused = await _service.GetAsync("not$valid", path);

        foreach (var (response, caching) in new[]
        {
            (found, "no-cache, private"), (known, "no-cache, private"), (listed, "no-store, private"), (missing, "no-store, private"), (refused, "no-store, no-cache"),
        })
        {
            response.Headers.CacheControl!.ToString().ShouldBe(caching);
            response.Headers.Vary.ShouldBe(["Authorization", "X-Tenant-ID"]);
        }
    }

    [Theory]
    [InlineData("respond-async", "respond-async")]
    [InlineData("respond-async; foo=bar", "respond-async")]
    [InlineData("foo=\"a, b\", Respond-Async=\"\"", "respond-async")]
    [InlineData("wait=0", "wait=0")]
    [InlineData("wait=0, respond-async", "respond-async, wait=0")]
    public async Task a_client_that_does_not_want_to_wait_gets_an_operation_that_succeeds(string prefer, string applied)
    {
        using var accepted = await _service.PostAsync(
            _tenant, JsonContent.Create(new { title = "Later", created_by = "ada" }), ("Prefer", prefer));

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.GetValues("Preference-Applied").Single().ShouldBe(applied);
        var operation = await Eventually.Async(
            async () => await (await _service.GetAsync(_tenant, accepted.Headers.Location!.ToString())).Content.ReadFromJsonAsync<JsonElement>(),
            found => found.GetProperty("status").GetString() == "succeeded",
            TimeSpan.FromSeconds(10),
            "the operation succeeds");
        operation.GetProperty("result").GetProperty("title").GetString().ShouldBe("Later");
    }

    [Theory]
    [InlineData("wait=60", "wait=30")]
    [InlineData("wait=99999999999", "wait=30")]
    [InlineData("handling=lenient, Wait=7", "wait=7")]
    [InlineData("respond-async, wait=9", "wait=9")]
    [InlineData("wait=\"2\"", "wait=2")]
    [InlineData("wait = 2", "wait=2")]
    [InlineData("wait=2;foo=bar", "wait=2")]
    [InlineData("foo=\"a, respond-async, b\"", null)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=soon", null)]
    public async Task a_wait_is_applied_up_to_the_longest_one(string prefer, string? applied)
    {
        using var created = await _service.PostAsync(_tenant, JsonContent.Create(new { title = "Waited for", created_by = "ada" }), ("Prefer", prefer));

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (created.Headers.TryGetValues("Preference-Applied", out var told) ? told.Single() : null).ShouldBe(applied);
    }

    [Fact]
    public async Task the_operation_of_a_refused_command_fails_with_its_problem()
    {
        using var accepted = await _service.PatchAsync(
            _tenant, $"/api/v1/tickets/{Guid.CreateVersion7()}", new { title = "t" }, ("Prefer", "respond-async"));

        var operation = await Eventually.Async(
            async () => await (await _service.GetAsync(_tenant, accepted.Headers.Location!.ToString())).JsonAsync(),
            found => found.GetProperty("status").GetString() == "failed",
            TimeSpan.FromSeconds(10),
            "the operation fails");
        operation.GetProperty("problem").GetProperty("code").GetString().ShouldBe("ticket_not_found");
    }

    [Fact]
    public async Task another_tenants_ticket_is_not_found_and_not_listed()
    {
        using var created = await _service.CreateAsync(_tenant, "Mine");
        var other = RunningService.NewTenant();

        using var found = await _service.GetAsync(other, created.Headers.Location!.ToString());

        found.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("ticket_not_found");
        (await _service.ListAsync(other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task numbers_have_no_gap_and_pages_have_every_ticket_once_newest_first()
    {
        const int count = 25;
        await Task.WhenAll(Enumerable.Range(1, count).Select(async i =>
        {
            using var response = await _service.CreateAsync(_tenant, $"Ticket {i}");
            response.StatusCode.ShouldBe(HttpStatusCode.Created);
        }));

        var tickets = await _service.ListAsync(_tenant, limit: 7);

        tickets.Select(t => t.GetProperty("number").GetInt64()).Order().ShouldBe(Enumerable.Range(1, count).Select(n => (long)n));
        tickets.Select(t => t.GetProperty("id").GetString()).ShouldBeInOrder(SortDirection.Descending);
    }

    [Theory]
    [InlineData("q=FIRE")]
    [InlineData("status=resolved")]
    [InlineData("priority=high")]
    [InlineData("assignee=bob")]
    [InlineData("created_by=eve")]
    [InlineData("tag=office&tag=hot")]
    [InlineData("created_after=2020-01-01T00:00:00Z&assignee=bob")]
    [InlineData("updated_after=2020-01-01T00:00:00.5Z&updated_before=2999-01-01T00:00:00%2B02:00&status=resolved")]
    public async Task filters_find_what_they_say(string query)
    {
        using var other = await _service.CreateAsync(_tenant, "Something else");
        using var wanted = await _service.PostAsync(_tenant, JsonContent.Create(new
        {
            title = "Printer on fire",
            created_by = "eve",
            priority = "high",
            assignee = "bob",
            tags = new[] { "office", "hot" },
        }));
        (await _service.PatchAsync(_tenant, wanted.Headers.Location!.ToString(), new { status = "resolved" })).EnsureSuccessStatusCode();

        using var found = await _service.GetAsync(_tenant, $"/api/v1/tickets?{query}");

        (await found.JsonAsync()).GetProperty("tickets").EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("title").GetString().ShouldBe("Printer on fire");
    }

    [Fact]
    public async Task the_next_page_is_linked_with_the_same_filters()
    {
        foreach (var title in new[] { "One", "Two", "Three" })
        {
            (await _service.CreateAsync(_tenant, title)).EnsureSuccessStatusCode();
        }

        using var first = await _service.GetAsync(_tenant, "/api/v1/tickets?sort=number&status=open&limit=2");
        var link = first.Headers.GetValues("Link").Single();
        using var second = await _service.GetAsync(_tenant, link[1..link.IndexOf('>')]);

        link.ShouldEndWith("; rel=\"next\"");
        (await second.JsonAsync()).GetProperty("tickets").EnumerateArray().ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Three");
        second.Headers.Contains("Link").ShouldBeFalse();
    }

    [Theory]
    [InlineData("tickets")]
    [InlineData("audit")]
    [InlineData("notifications")]
    [InlineData("dead-letters")]
    public async Task the_last_page_of_every_list_says_that_none_follows(string list)
    {
        using var page = await _service.GetAsync(_tenant, $"/api/v1/{list}");

        (await page.JsonAsync()).GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("status=done", "status")]
    [InlineData("status=", "status")]
    [InlineData("priority=3", "priority")]
    [InlineData("sort=title", "sort")]
    [InlineData("q=%21%3F", "q")]
    [InlineData("tag=", "tag")]
    [InlineData("created_after=yesterday", "created_after")]
    [InlineData("updated_before=7", "updated_before")]
    [InlineData("created_before=01/02/2026", "created_before")]
    [InlineData("created_before=10:00", "created_before")]
    [InlineData("created_before=2026-01-31", "created_before")]
    [InlineData("created_before=2026-01-31T09:00:00", "created_before")]
    [InlineData("created_before=2026-01-31T09:00:00+02:00", "created_before")]
    [InlineData("updated_after=2026-01-31 09:00:00Z", "updated_after")]
    [InlineData("colour=red", "colour")]
    public async Task a_page_that_can_not_be_is_refused_by_name(string query, string field)
    {
        using var response = await _service.GetAsync(_tenant, $"/api/v1/tickets?{query}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }
}
