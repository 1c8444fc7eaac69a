using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>What the service, its provisioner and its operator may not do with the users of the shipped production configuration.</summary>
[Collection(InProduction.Name)]
public sealed class NatsLeastPrivilege(ProductionCluster production)
{
    // Who has no business there: the provisioner with messages, the operator with commands that are being handled, the service with streams.
    public static TheoryData<string, string> Forbidden => new()
    {
        { "service", "$JS.API.STREAM.CREATE.OTHER" },
        { "service", "$JS.API.STREAM.UPDATE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.DELETE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.PURGE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.PURGE.TICKET_COMMANDS" },
        { "service", "$JS.API.STREAM.MSG.DELETE.TICKET_EVENTS" },
        { "service", "$JS.API.STREAM.MSG.GET.TICKET_COMMANDS" },
        { "service", "$JS.API.CONSUMER.CREATE.TICKET_COMMANDS.mine.ticket.commands.>" },
        { "service", "$JS.API.CONSUMER.DURABLE.CREATE.TICKET_COMMANDS.mine" },
        { "service", "$JS.API.CONSUMER.DELETE.TICKET_COMMANDS.ticket-workers" },
        { "service", "$SYS.REQ.SERVER.PING" },
        { "provisioner", "ticket.commands.acme.create" },
        { "provisioner", "ticket.created" },
        { "provisioner", "$JS.API.STREAM.DELETE.TICKET_EVENTS" },
        { "provisioner", "$JS.API.STREAM.CREATE.OTHER" },
        { "provisioner", "$JS.API.CONSUMER.MSG.NEXT.TICKET_COMMANDS.ticket-workers" },
        { "provisioner", "$JS.API.CONSUMER.CREATE.TICKET_COMMANDS.mine.ticket.commands.>" },
        { "operator", "$JS.API.STREAM.UPDATE.TICKET_DLQ" },
        { "operator", "$JS.API.STREAM.PURGE.TICKET_EVENTS" },
        { "operator", "$JS.API.CONSUMER.MSG.NEXT.TICKET_COMMANDS.ticket-workers" },
        { "operator", "$JS.API.CONSUMER.MSG.NEXT.TICKET_EVENTS.notifier" },
        { "operator", "$JS.API.CONSUMER.DELETE.TICKET_EVENTS.notifier" },
        { "operator", "$JS.ACK.TICKET_COMMANDS.ticket-workers.1.1.1.1.0" },
        { "operator", "_INBOX.tickets.1" },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task nobody_may_do_what_is_anothers_work(string user, string subject)
    {
        await using var somebody = await NatsAttempts.OpenAsync(production.Connect(user));

        (await somebody.MayPublishAsync(subject)).ShouldBeFalse();
        (await somebody.MaySubscribeAsync("ticket.commands.>")).ShouldBeFalse();
        (await somebody.MaySubscribeAsync("_INBOX.>")).ShouldBeFalse();
        (await somebody.MayPublishAsync("$JS.API.STREAM.NAMES")).ShouldBeTrue();
    }

    [Fact]
    public async Task the_provisioner_finds_everything_as_it_should_be_and_may_do_it_again()
    {
        (await production.RunAsync("provisioner", provisions: true, "resources", "setup")).ExitCode.ShouldBe(0);

        var (exitCode, output) = await production.RunAsync("provisioner", provisions: true, "streams", "diff");
        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task a_service_that_lacks_a_permission_ends_with_one_line_that_names_it()
    {
        var (exitCode, output) = await production.RunAsync("acme", provisions: false, "run");

        exitCode.ShouldBe(1);
        output.Trim().ShouldNotContain('\n');
        output.ShouldContain("The server forbids this user to ");
        output.ShouldContain("publish to '$JS.API.INFO'");
    }
}
