using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

public class TicketsOverHttp(RunningService running) : IClassFixture<RunningService>
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
    public async Task a_client_that_does_not_want_to_wait_gets_an_operation_that_succeeds()
    {
        using var accepted = await _service.PostAsync(
            _tenant, JsonContent.Create(new { title = "Later", created_by = "ada" }), ("Prefer", "respond-async"));

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.GetValues("Preference-Applied").Single().ShouldBe("respond-async");
        var operation = await Eventually.Async(
            async () => await (await _service.GetAsync(_tenant, accepted.Headers.Location!.ToString())).Content.ReadFromJsonAsync<JsonElement>(),
            found => found.GetProperty("status").GetString() == "succeeded",
            TimeSpan.FromSeconds(10),
            "the operation succeeds");
        operation.GetProperty("result").GetProperty("title").GetString().ShouldBe("Later");
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
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task a_page_that_can_not_be_is_refused_by_name(string query, string field)
    {
        using var response = await _service.GetAsync(_tenant, $"/api/v1/tickets?{query}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }
}
