using System.Net;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Npgsql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

[Collection(InProduction.Name)]
public sealed class NatsTicketLifeOnSqlite(ProductionCluster production) : NatsTicketLife(production);

public sealed class NatsTicketLifeOnPostgreSql(ProductionOnPostgreSql production) : NatsTicketLife(production), IClassFixture<ProductionOnPostgreSql>
{
    [Fact]
    public async Task the_services_login_owns_nothing_and_sees_no_tenants_rows_by_itself()
    {
        using var created = await Service.CreateAsync(ProductionCluster.Tenant, "Not for every eye");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var url = new Uri(Service.DatabaseUrl);
        await using var connection = new NpgsqlConnection($"Host={url.Host};Port={url.Port};Username={url.UserInfo};Database={url.AbsolutePath[1..]};Pooling=false");
        await connection.OpenAsync();

        (await CountAsync("pg_class WHERE relowner = current_user::regrole")).ShouldBe(0);
        (await CountAsync("pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)")).ShouldBe(0);
        (await CountAsync("tickets.tickets")).ShouldBe(0);

        async Task<long> CountAsync(string from)
        {
#pragma warning disable CA2100 // It is the test's own text.
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM {from}", connection);
#pragma warning restore CA2100
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}

/// <summary>The life of a ticket with the users of the shipped production configuration, over TLS: nothing that it takes is refused.</summary>
public abstract class NatsTicketLife(ProductionCluster production)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected TicketService Service { get; } = production.Service;

    [Fact]
    public async Task a_ticket_lives_its_life_over_http_and_leaves_its_events()
    {
        var refused = production.RefusedTo("service").Count;
        await using var events = await EventListener.StartAsync(Service, ProductionCluster.Tenant);

        using var created = await Service.CreateAsync(ProductionCluster.Tenant, "Plain", "this is critical");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var path = created.Headers.Location!.ToString();
        using var patched = await Service.PatchAsync(ProductionCluster.Tenant, path, new { title = "Still plain" });
        using var comment = await Service.SendAsync(HttpMethod.Post, ProductionCluster.Tenant, $"{path}/comments", JsonContent(new { author = "bob", body = "On it." }));
        using var deleted = await Service.SendAsync(HttpMethod.Delete, ProductionCluster.Tenant, path, body: null);
        using var letters = await Service.GetAsync(ProductionCluster.Tenant, "/api/v1/dead-letters");
        using var metrics = await Service.Http.GetAsync("/metrics");

        (patched.StatusCode, comment.StatusCode, deleted.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent));
        (letters.StatusCode, metrics.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        await Eventually.Async(
            () => events.Heard.Select(heard => heard.EventType).Intersect(["ticket.created", "ticket.updated", "ticket.commented", "ticket.deleted", "audit.recorded", "notification.requested", "notification.delivered"]).Count() == 7,
            Limit,
            "all kinds of events are heard");
        (await Service.IsReadyAsync()).ShouldBeTrue();
        production.RefusedTo("service").Count.ShouldBe(refused);
    }

    [Fact]
    public async Task a_ticket_lives_its_life_over_nats()
    {
        await using var acme = production.Connect("acme");

        var id = (await AskAsync("create", new { title = "Over NATS", created_by = "bob" })).GetProperty("id").GetString();
        (await AskAsync("update", new { ticket_id = id, status = "in_progress" })).GetProperty("status").GetString().ShouldBe("in_progress");
        (await AskAsync("comment", new { ticket_id = id, author = "bob", body = "On it." })).GetProperty("body").GetString().ShouldBe("On it.");
        (await AskAsync("get", new { ticket_id = id })).GetProperty("title").GetString().ShouldBe("Over NATS");
        (await AskAsync("list", new { q = "NATS" })).GetProperty("tickets").GetArrayLength().ShouldBe(1);
        await AskAsync("delete", new { ticket_id = id });
        (await AskAsync("get", new { ticket_id = id })).GetProperty("code").GetString().ShouldBe("ticket_not_found");

        async Task<JsonElement> AskAsync(string verb, object body)
        {
            var answer = await acme.RequestAsync<string, string>(
                $"ticket.api.acme.{verb}", JsonSerializer.Serialize(body), replyOpts: new NatsSubOpts { Timeout = Limit });
            return answer.Data is { Length: > 0 } json ? JsonDocument.Parse(json).RootElement : default;
        }
    }

    [Fact]
    public async Task the_operator_replays_and_discards_dead_letters_and_republishes_events()
    {
        using var created = await Service.CreateAsync(ProductionCluster.Tenant, "To be told again");
        var replayed = await WriteLetterAsync();
        var discarded = await WriteLetterAsync();

        var list = await production.RunAsync("operator", provisions: false, "dlq", "list");
        var replay = await production.RunAsync("operator", provisions: false, "dlq", "replay", $"{replayed}");
        var show = await production.RunAsync("operator", provisions: false, "dlq", "show", $"{replayed}");
        var discard = await production.RunAsync("operator", provisions: false, "dlq", "discard", $"{discarded}", "--yes");
        var republish = await production.RunAsync("operator", provisions: false, "republish", "--since", "1h");
        var check = await production.RunAsync("operator", provisions: false, "streams", "diff");

        list.Output.ShouldContain("by chance");
        (replay.ExitCode, show.ExitCode, discard.ExitCode, republish.ExitCode, check.ExitCode).ShouldBe((0, 0, 0, 0, 0), $"{replay}{show}{discard}{republish}{check}");
        replay.Output.ShouldContain("it has taken effect (201)");
        discard.Output.ShouldContain("discarded");
        republish.Output.ShouldContain("recognised as repeats");
    }

    [Fact]
    public async Task the_operator_reads_events_and_learns_what_became_of_a_ticket_and_of_a_command_that_is_unknown()
    {
        using var created = await Service.CreateAsync(ProductionCluster.Tenant, "To be explained");
        var id = (await created.JsonAsync()).GetProperty("id").GetString()!;

        var explained = await production.RunAsync("operator", provisions: false, "explain", id);
        var tail = await production.RunAsync("operator", provisions: false, "tail", "--last", "3", "--count", "1");
        var unknown = await production.RunAsync("operator", provisions: false, "explain", $"{Guid.CreateVersion7()}");

        explained.ExitCode.ShouldBe(0, explained.Output);
        explained.Output.ShouldContain("ticket.created");
        tail.ExitCode.ShouldBe(0, tail.Output);
        unknown.Output.ShouldContain("no trace", Case.Insensitive, unknown.Output);
    }

    // As a worker leaves it that gives a command up.
    private async Task<ulong> WriteLetterAsync()
    {
        await using var worker = production.Connect("service");
        var ack = await new NatsJSContext(worker).PublishAsync(
            "dlq.ticket.acme.create",
            """{"title": "Given up", "created_by": "bob"}""",
            headers: new NatsHeaders
            {
                ["Dlq-Subject"] = "ticket.commands.acme.create",
                ["Dlq-Stream"] = "TICKET_COMMANDS",
                ["Dlq-Consumer"] = "ticket-workers",
                ["Dlq-Msg-Id"] = Guid.NewGuid().ToString(),
                ["Dlq-Reason"] = "InvalidOperationException: by chance",
            });
        ack.EnsureSuccess();
        return ack.Seq;
    }

    private static System.Net.Http.Json.JsonContent JsonContent(object body) => System.Net.Http.Json.JsonContent.Create(body);
}
