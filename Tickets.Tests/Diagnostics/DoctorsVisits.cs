using System.Text.Json;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Diagnostics;

/// <summary><c>doctor</c> finds what is wrong, and says what to do.</summary>
public sealed class DoctorsVisits
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task nothing_serious_is_found_where_all_is_well()
    {
        await using var nats = await NatsServer.StartAsync("max_payload: 2MB");
        await using var service = await TicketService.StartAsync(nats);

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldBe(0, output);
        output.ShouldNotContain("FAIL");
        output.ShouldContain("ok    stream TICKET_EVENTS");
        output.ShouldContain("ok    the file's integrity");
        output.ShouldContain("warn  there is more than one copy: it is a single server");
    }

    [Fact]
    public async Task what_could_not_be_handled_and_what_is_misspelt_is_told()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("NOTIFY_WINDOW_SECOND", "3"));
        await service.RunAsync("send", Tenant, "create", "{}");
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).PublishAsync("dlq.ticket.$replays.1", Array.Empty<byte>());

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("warn  dead letters: 1 could not be handled; ./tickets dlq list");
        output.ShouldContain("NOTIFY_WINDOW_SECOND is set and has no effect; perhaps NOTIFY_WINDOW_SECONDS is meant");
        await service.SaysAsync("NOTIFY_WINDOW_SECOND is set and has no effect");
    }

    [Fact]
    public async Task what_no_stream_will_ever_take_is_told()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var stream = await jetStream.GetStreamAsync("TICKET_EVENTS");
        var largest = stream.Info.Config.MaxMsgSize;
        stream.Info.Config.MaxMsgSize = 100;
        await jetStream.UpdateStreamAsync(stream.Info.Config);
        (await service.CreateAsync(Tenant, "Too large")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        await Eventually.Async(() => Stored.Count(service, "dead_letters") == 1, Limit, "its events are given up");
        stream.Info.Config.MaxMsgSize = largest;
        await jetStream.UpdateStreamAsync(stream.Info.Config);

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("warn  nothing is unsendable: what 1 change(s) had to tell no stream takes");
    }

    [Fact]
    public async Task a_service_that_is_away_and_what_waits_for_it_is_told()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await service.StopAsync();
        await service.RunAsync("send", Tenant, "create", """{"title": "Waits", "created_by": "ada"}""", "--wait", "0");

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("it does not answer; start it");
        output.ShouldContain("FAIL  who listens to TICKET_COMMANDS: 1 messages wait and no process takes them");
    }

    [Fact]
    public async Task something_else_in_the_place_of_the_service_is_told()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);
        await using var other = new CannedServer(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]", service.Http.BaseAddress!.Port);

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldNotBe(0);
        output.ShouldContain($"FAIL  the service at {other.Address}: something else answers there");
    }

    [Fact]
    public async Task a_server_that_is_away_is_told_once_and_the_rest_is_looked_at()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await nats.StopAsync();

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldNotBe(0);
        output.Split('\n').Count(line => line.StartsWith("FAIL  NATS at", StringComparison.Ordinal)).ShouldBe(1);
        output.ShouldContain("ok    the file's integrity");
    }

    [Fact]
    public async Task each_copy_that_is_behind_and_each_thing_without_a_leader_has_a_remedy_of_its_own()
    {
        await using var cluster = await NatsCluster.StartAsync();
        await using var service = await TicketService.StartAsync(cluster.Url);
        var follower = cluster.Nodes.Except([await cluster.LeaderOfAsync("TICKET_EVENTS")]).First();
        await follower.KillAsync();

        var one = await UntilAsync(service, told => told.Contains($" on {follower.Name}: its copy is ", StringComparison.Ordinal));
        await cluster.Nodes.Except([follower]).First().KillAsync();
        var two = await UntilAsync(service, told => told.Contains("FAIL  stream TICKET_EVENTS: has no leader", StringComparison.Ordinal)
            && told.Contains("FAIL  JetStream:", StringComparison.Ordinal));

        one.ShouldMatch($"FAIL  stream TICKET_[A-Z]+ on {follower.Name}: its copy is (offline; start that node|lagging; wait while)");
        two.ShouldContain("FAIL  stream TICKET_EVENTS: has no leader; start the nodes that are away");
        two.Split('\n').Count(line => line.StartsWith("FAIL  JetStream:", StringComparison.Ordinal)).ShouldBe(1, two);
    }

    [Fact]
    public async Task what_is_missing_is_told_once_and_alike_by_doctor_and_check_env()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await service.StopAsync();
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).DeleteStreamAsync("TICKET_DLQ");

        var examined = FaultsOf((await service.RunAsync("doctor", "--json")).Output, "stream TICKET_DLQ");
        var checkedUp = FaultsOf((await service.RunAsync("check-env", "--json")).Output, "stream TICKET_DLQ");

        examined.ShouldHaveSingleItem()!.ShouldContain("run 'resources setup'");
        examined.ShouldBe(checkedUp);
    }

    [Fact]
    public async Task a_stream_that_answers_requests_in_the_place_of_the_service_is_told_by_doctor_and_check_env()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).CreateStreamAsync(new StreamConfig("GREEDY", ["ticket.api.>"]));

        foreach (var word in new[] { "doctor", "check-env" })
        {
            var (exitCode, output) = await service.RunAsync(word);

            exitCode.ShouldBe(1, output);
            output.ShouldContain("FAIL  requests and answers: stream 'GREEDY' captures 'ticket.api.*.get', so its acks would be taken for answers; take that subject from it, or delete it");
        }
    }

    [Fact]
    public async Task a_login_that_may_see_every_tenant_is_told()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", await SharedPostgreSql.NewDatabaseAsync()));

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    the database's durability");
        output.ShouldContain("warn  the login's rights: the login is a superuser");
    }

    [Fact]
    public async Task a_database_that_may_lose_what_it_confirmed_is_serious()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", await SharedPostgreSql.NewDatabaseAsync()));
        Stored.Scalar<string?>(service, $"ALTER DATABASE \"{Stored.Scalar<string>(service, "SELECT current_database()")}\" SET synchronous_commit = off");

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("FAIL  the database's durability: synchronous_commit is off");
    }

    private static Task<string> UntilAsync(TicketService service, Predicate<string> holds) =>
        Eventually.Async(async () => (await service.RunAsync("doctor")).Output, told => holds(told), Limit, "it is told");

    private static string?[] FaultsOf(string json, string subject)
    {
        using var told = JsonDocument.Parse(json);
        return [.. told.RootElement.EnumerateArray()
            .Where(found => found.GetProperty("subject").GetString() == subject && found.GetProperty("level").GetString() == "fail")
            .Select(found => found.GetProperty("fault").GetString())];
    }
}
