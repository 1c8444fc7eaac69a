using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Diagnostics;

/// <summary><c>doctor</c> finds what is wrong, and says what to do.</summary>
public sealed class DoctorsVisits
{
    private const string Tenant = "acme";

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

        var (exitCode, output) = await service.RunAsync("doctor");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("warn  dead letters: 1 could not be handled; ./tickets dlq list");
        output.ShouldContain("NOTIFY_WINDOW_SECOND is set and has no effect; perhaps NOTIFY_WINDOW_SECONDS is meant");
        service.Output.ShouldContain("NOTIFY_WINDOW_SECOND is set and has no effect");
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
}
