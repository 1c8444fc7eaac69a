using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Lifecycle;

/// <summary>A service that is started before what it needs.</summary>
public sealed class Starts
{
    private const string Tenant = "starts";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task before_nats_is_there_the_service_waits_says_so_and_becomes_ready_by_itself()
    {
        await using var nats = await NatsServer.StartAsync();
        await nats.StopAsync();
        await using var service = TicketService.NotStarted(nats);

        service.Launch();
        await ShouldWaitForAsync(service, $"NATS at 127.0.0.1:{nats.Port}");
        await nats.RestartAsync();

        await ShouldWorkAsync(service);
    }

    [Fact]
    public async Task where_everybody_has_to_sign_in_nobody_else_is_told_what_the_service_waits_for()
    {
        await using var nats = await NatsServer.StartAsync();
        await nats.StopAsync();
        await using var service = TicketService.NotStarted(nats, ("AUTH_MODE", "api_key"));
        service.Launch();
        await service.AnswersAsync();
        await Eventually.Async(() => service.Output.Contains("Waiting for NATS", StringComparison.Ordinal), Limit, "it waits");

        using var refused = await service.CreateAsync(Tenant, "Refused");

        (await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "not_ready")).GetProperty("detail").GetString()
            .ShouldBe("The service does not answer yet, or no longer. Nothing was accepted; try again.");
    }

    [Fact]
    public async Task no_library_is_loaded_that_nothing_uses()
    {
        Assert.SkipWhen(Repository.Program == Repository.BuiltProgram, "what is not published compiles its code at start, against all of them");
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        using var created = await service.CreateAsync(Tenant, "Printer on fire");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        service.Process.MappedFiles.ShouldContain("Microsoft.Data.Sqlite.dll");
        service.Process.MappedFiles.ShouldNotContain("Npgsql.dll");
        service.Process.MappedFiles.ShouldNotContain("Fluid.dll");
        service.Process.MappedFiles.ShouldNotContain("Microsoft.CodeAnalysis.dll");
    }

    [Fact]
    public async Task before_the_database_is_there_the_service_waits_says_so_and_becomes_ready_by_itself()
    {
        await using var database = await PostgreSqlServer.StartAsync();
        var name = await database.CreateDatabaseAsync();
        await database.KillAsync();
        await using var nats = await NatsServer.StartAsync();
        await nats.StopAsync();
        await using var service = TicketService.NotStarted(nats, ("DATABASE_URL", database.UrlOf(name)));

        service.Launch();
        await ShouldWaitForAsync(service, "the database");
        await database.StartAgainAsync();
        await ShouldWaitForAsync(service, $"NATS at 127.0.0.1:{nats.Port}");
        await nats.RestartAsync();

        await ShouldWorkAsync(service);
    }

    [Fact]
    public async Task a_service_that_waits_ends_well_when_it_is_told_to()
    {
        await using var nats = await NatsServer.StartAsync();
        await nats.StopAsync();
        await using var service = TicketService.NotStarted(nats);
        service.Launch();
        await ShouldWaitForAsync(service, "NATS");

        service.Terminate();

        (await service.EndAsync(Limit)).ShouldBe(0);
        service.Output.ShouldNotContain("Unhandled exception");
    }

    [Fact]
    public async Task a_login_that_nats_refuses_stops_the_start_with_a_line_that_says_so()
    {
        await using var nats = await NatsServer.StartAsync("authorization { user: app, password: right }");

        await ShouldEndAsync(TicketService.NotStarted($"nats://app:guessed@127.0.0.1:{nats.Port}"), $"NATS at 127.0.0.1:{nats.Port} refuses this login");
    }

    [Theory]
    [InlineData("stranger", "postgres", "role \"stranger\" does not exist")]
    [InlineData("postgres", "missing", "database \"missing\" does not exist")]
    public async Task a_login_that_the_database_refuses_stops_the_start_with_a_line_that_says_so(string user, string database, string reason)
    {
        var server = await SharedPostgreSql.ServerAsync();
        await using var nats = await NatsServer.StartAsync();

        await ShouldEndAsync(
            TicketService.NotStarted(nats, ("DATABASE_URL", $"postgres://{user}:guessed@127.0.0.1:{server.Port}/{database}")), reason);
    }

    [Fact]
    public async Task a_stream_that_can_not_become_what_is_declared_stops_the_start_with_the_difference()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).CreateStreamAsync(
            new StreamConfig("TICKET_COMMANDS", ["ticket.commands.>"]) { Storage = StreamConfigStorage.Memory });

        await ShouldEndAsync(TicketService.NotStarted(nats), "storage is Memory, declared File");
    }

    [Theory]
    [InlineData("ticket.api.acme.create", "ticket.api.*.create")]
    [InlineData("$SRV.>", "$SRV.>")]
    public async Task a_stream_that_captures_requests_stops_the_start_with_its_name_and_what_to_do(string captured, string ours)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var connection = nats.Connect();
        await new NatsJSContext(connection).CreateStreamAsync(new StreamConfig("GREEDY", [captured]));

        await ShouldEndAsync(
            TicketService.NotStarted(nats),
            $"The server can't be used so: stream 'GREEDY' captures '{ours}', so its acks would be taken for answers; take that subject from it, or delete it.");
    }

    private static async Task ShouldWaitForAsync(TicketService service, string what)
    {
        await service.AnswersAsync();
        var ready = await Eventually.Async(
            () => ReadyAsync(service), body => body.Contains(what, StringComparison.Ordinal), Limit, $"it says that it waits for {what}");
        JsonDocument.Parse(ready).RootElement.GetProperty("status").GetString().ShouldBe("not_ready");
        using var refused = await service.CreateAsync(Tenant, "Refused");
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "not_ready");
        refused.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        await Eventually.Async(
            () => service.Output.Contains($"Waiting for {what}", StringComparison.Ordinal), Limit, "it says so in its log");
        (await service.IsReadyAsync()).ShouldBeFalse();
    }

    private static async Task<string> ReadyAsync(TicketService service)
    {
        using var response = await service.Http.GetAsync("/health/ready");
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task ShouldWorkAsync(TicketService service)
    {
        await Eventually.Async(service.IsReadyAsync, ready => ready, Limit, "the service is ready");
        using var created = await service.PostAsync(Tenant, JsonContent.Create(new { title = "Created", created_by = "ada" }), ("Prefer", "wait=30"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.ListAsync(Tenant)).Count.ShouldBe(1);

        // It tried several times a second and told of it now and then.
        service.Output.Split('\n').Count(line => line.Contains("fail:", StringComparison.Ordinal)).ShouldBe(0, service.Output);
    }

    private static async Task ShouldEndAsync(TicketService service, string reason)
    {
        await using (service)
        {
            service.Launch();

            (await service.EndAsync(Limit)).ShouldBe(1, service.Output);
            service.Output.Split('\n').ShouldContain(line => line.Contains(reason, StringComparison.Ordinal));
            service.Output.ShouldNotContain("Unhandled exception");
            service.Output.ShouldNotContain("guessed");
        }
    }
}
