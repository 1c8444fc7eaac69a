using Dapper;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Notifications;

/// <summary>A notification whose message is gone holds its place no longer than a delivery can take, and ends as any that fails.</summary>
public sealed class LostNotifications : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly string _tenant = RunningService.NewTenant();
    private readonly Guid _lost = Guid.CreateVersion7();
    private NatsServer _nats = null!;
    private TicketService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync();
        _service = await TicketService.StartAsync(
            _nats,
            ("DATABASE_URL", await SharedPostgreSql.NewEmptyDatabaseAsync()),
            ("NOTIFY_SEVERE", "log"),
            ("NOTIFY_ASSIGNED", "webhook"),
            ("NOTIFY_WEBHOOK_URL", $"http://127.0.0.1:{FreePort.Next()}"),
            ("NOTIFY_WEBHOOK_SECRET", "s3cret"),
            ("NOTIFY_WEBHOOK_ALLOW_HTTP", "true"),
            ("NOTIFY_WEBHOOK_ALLOW_PRIVATE", "true"),
            ("NOTIFY_RETRY_SECONDS", "600"));
    }

    [Theory]
    [InlineData("severe", "log", "delivered")]
    [InlineData("assigned", "webhook", "pending")]
    public async Task it_is_told_as_failed_whatever_becomes_of_the_one_that_takes_its_place(string reason, string channel, string successor)
    {
        using var created = await _service.CreateAsync(_tenant, "Printer");
        var path = created.Headers.Location!.ToString();
        await LoseAsync(Guid.Parse(path.Split('/')[^1]), reason, channel, TimeSpan.FromDays(1));

        (await _service.PatchAsync(_tenant, path, new { title = "critical", assignee = "bob" })).EnsureSuccessStatusCode();

        var failed = (await FailuresAsync()).ShouldHaveSingleItem();
        failed.Header("ce-subject").ShouldBe(path.Split('/')[^1]);
        var told = failed.Json();
        told.GetProperty("id").GetGuid().ShouldBe(_lost);
        told.GetProperty("reason").GetString().ShouldBe(reason);
        told.GetProperty("channel").GetString().ShouldBe(channel);
        told.GetProperty("error").GetString().ShouldBe("no outcome in time");
        told.GetProperty("version").GetInt32().ShouldBe(2);
        await Eventually.Async(() => StatusesAsync(reason), found => found.SequenceEqual([successor, "failed"]), Limit, $"the next is {successor}");
        (await FailuresAsync()).ShouldHaveSingleItem();
    }

    // Twice its one pause are 20 minutes, the window is five, and each of its two tries may take one.
    [Fact]
    public async Task one_whose_last_try_may_still_be_under_way_keeps_its_place()
    {
        using var created = await _service.CreateAsync(_tenant, "Printer");
        var path = created.Headers.Location!.ToString();
        await LoseAsync(Guid.Parse(path.Split('/')[^1]), "severe", "log", TimeSpan.FromMinutes(26));

        (await _service.PatchAsync(_tenant, path, new { title = "critical" })).EnsureSuccessStatusCode();

        await Eventually.Async(() => StatusesAsync("severe"), found => found.Count == 2, Limit, "the next has come");
        (await StatusesAsync("severe")).ShouldBe(["suppressed", "pending"], ignoreOrder: true);
    }

    [Fact]
    public async Task one_that_was_given_up_is_told_with_its_reason_and_delivered_by_a_replay()
    {
        await using var database = Stored.Open(_service);
        await database.ExecuteAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''nothing is settled today''; END';
            CREATE TRIGGER refused BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION refuse();
            """);
        using var created = await _service.CreateAsync(_tenant, "critical");
        var ticket = created.Headers.Location!.ToString().Split('/')[^1];
        await Eventually.Async(() => _nats.ReadAsync("TICKET_DLQ"), letters => letters.Count == 1, Limit, "it is given up");

        var (exitCode, output) = await _service.RunAsync("explain", ticket, "--json");

        exitCode.ShouldNotBe(0, output);
        (await StatusesAsync("severe")).ShouldBe(["pending"]);
        output.ShouldContain("given up after 1 deliveries, as dead letter 1: PostgresException: P0001: nothing is settled today");
        output.ShouldContain("./tickets dlq replay 1");
        output.ShouldNotContain("TICKETS_ROLE");

        await database.ExecuteAsync("DROP TRIGGER refused ON notifications");
        (await _service.RunAsync("dlq", "replay", "1")).ExitCode.ShouldBe(0);
        await Eventually.Async(() => StatusesAsync("severe"), found => found.SequenceEqual(["delivered"]), Limit, "its replay delivers it");
        (await _service.RunAsync("explain", ticket)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task one_that_was_taken_late_is_told_with_the_change_that_asked_for_it()
    {
        using var created = await _service.CreateAsync(_tenant, "critical");
        var path = created.Headers.Location!.ToString();
        await Eventually.Async(() => StatusesAsync("severe"), found => found.SequenceEqual(["delivered"]), Limit, "it is delivered");
        (await _service.PatchAsync(_tenant, path, new { title = "harmless" })).EnsureSuccessStatusCode();
        await using var database = Stored.Open(_service);
        var notification = await database.ExecuteScalarAsync<Guid>(
            "UPDATE notifications SET requested_at = requested_at + interval '1 minute' WHERE tenant = @_tenant RETURNING id", new { _tenant });

        foreach (var id in (string[])[path.Split('/')[^1], $"{notification}"])
        {
            var (exitCode, output) = await _service.RunAsync("explain", id, "--json");

            exitCode.ShouldBe(0, output);
            output.ShouldContain("ticket.created: ");
            output.ShouldContain($"{notification} (Severe, by log) is delivered");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _nats.DisposeAsync();
    }

    // As a stream leaves it that was purged, or restored from before.
    private async Task LoseAsync(Guid ticket, string reason, string channel, TimeSpan age)
    {
        await using var connection = Stored.Open(_service);
        await connection.ExecuteAsync(
            """
            INSERT INTO notifications (tenant, id, ticket_id, reason, channel, status, requested_at)
            VALUES (@_tenant, @_lost, @ticket, @reason, @channel, 'pending', now() - @age)
            """,
            new { _tenant, _lost, ticket, reason, channel, age });
    }

    private async Task<IEnumerable<NatsMsg<string>>> FailuresAsync() =>
        (await _nats.EventsAsync(_tenant, "notification.failed")).Where(message => message.Subject == "notification.failed");

    private async Task<IReadOnlyList<string?>> StatusesAsync(string reason)
    {
        using var response = await _service.GetAsync(_tenant, "/api/v1/notifications");
        return
        [
            .. (await response.JsonAsync()).GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("reason").GetString() == reason)
                .Select(item => item.GetProperty("status").GetString()),
        ];
    }
}
