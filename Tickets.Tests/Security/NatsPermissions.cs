using System.Text.Json;
using System.Text.RegularExpressions;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>
/// <c>check-env</c> with the permissions of the service in the shipped production configuration, and with less. Servers older than 2.10 do
/// not tell what they allow, so a subscriber answers in their place.
/// </summary>
public sealed partial class NatsPermissions
{
    private const string Question = "$SYS.REQ.USER.INFO";
    private static readonly Version ThatTells = new(2, 10);

    [Fact]
    public async Task what_the_shipped_user_of_the_service_may_do_is_all_that_it_needs()
    {
        var (exitCode, output) = await CheckAsync(without: []);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    permissions\n");
        output.ShouldNotContain("FAIL");
    }

    [Theory]
    [InlineData("ticket.commands.*.*", "publish to 'ticket.commands.*.create'")]
    [InlineData("ticket.*", "publish to 'ticket.created'")]
    [InlineData("dlq.ticket.>", "publish to 'dlq.ticket.>'")]
    [InlineData("$JS.API.CONSUMER.MSG.NEXT.TICKET_EVENTS.notifier", "publish to '$JS.API.CONSUMER.MSG.NEXT.TICKET_EVENTS.notifier'")]
    [InlineData("ticket.api.*.*", "subscribe to 'ticket.api.*.create'")]
    public async Task a_permission_that_is_missing_is_told_with_what_to_do(string missing, string told)
    {
        // Those of the events' readers would allow to pull through the service's own consumer as well.
        var (exitCode, output) = await CheckAsync(without: [missing, "$JS.API.CONSUMER.MSG.NEXT.TICKET_EVENTS.*"]);

        exitCode.ShouldBe(1, output);
        var line = output.Split('\n').Single(line => line.StartsWith("FAIL", StringComparison.Ordinal));
        line.ShouldStartWith("FAIL  permissions: the server forbids this user to ");
        line.ShouldContain(told);
        line.ShouldEndWith("; give it these permissions");
    }

    [Fact]
    public async Task a_process_that_only_answers_needs_no_permission_to_pull_what_others_handle()
    {
        string[] pulls = ["$JS.API.CONSUMER.MSG.NEXT.TICKET_COMMANDS.ticket-workers", "$JS.ACK.TICKET_COMMANDS.ticket-workers.>", "$JS.ACK.TICKET_EVENTS.notifier.>"];

        var (exitCode, output) = await CheckAsync(pulls, ("TICKETS_ROLE", "api"), ("DATABASE_URL", await SharedPostgreSql.NewDatabaseAsync()));

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    permissions\n");
    }

    [Fact]
    public async Task where_the_server_does_not_tell_permissions_that_is_told_and_is_no_fault()
    {
        Assert.SkipWhen(InstalledServer.Version >= ThatTells, "this server tells");
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);

        var (exitCode, output) = await service.RunAsync("check-env");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    permissions (the server does not tell them)");
    }

    // What the service's user of accounts.conf may do, but for some of it.
    private static async Task<(int ExitCode, string Output)> CheckAsync(string[] without, params (string Name, string Value)[] settings)
    {
        var (publish, subscribe) = Shipped();
        (publish, subscribe) = ([.. publish.Except(without)], [.. subscribe.Except(without)]);
        await using var nats = await NatsServer.StartAsync($$"""
            authorization { users: [
              { user: app, password: one, permissions: { publish: {{Written(publish)}}, subscribe: {{Written(subscribe)}} } }
              { user: anyone, password: two }
            ] }
            no_auth_user: anyone
            """);
        await using var provisioner = TicketService.NotStarted(nats, [.. settings.Where(setting => setting.Name == "DATABASE_URL")]);
        (await provisioner.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);
        await using var anyone = nats.Connect();
        await using var answers = InstalledServer.Version >= ThatTells ? null : await AnswerAsync(anyone, publish, subscribe);
        await using var service = TicketService.NotStarted(
            nats.Url.Replace("nats://", "nats://app:one@", StringComparison.Ordinal),
            [("NATS_PROVISION", "false"), ("NATS_INBOX_PREFIX", "_INBOX.tickets"), ("DATABASE_URL", provisioner.DatabaseUrl), .. settings]);

        return await service.RunAsync("check-env");
    }

    private static (string[] Publish, string[] Subscribe) Shipped()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, "nats", "cluster", "production", "accounts.conf"));
        var user = Comments().Replace(file[file.IndexOf("nkey: $SERVICE_NKEY", StringComparison.Ordinal)..], string.Empty);
        var lists = Lists().Matches(user);
        return (SubjectsOf(lists[0]), SubjectsOf(lists[1]));
    }

    // As nats-server reads it, which is JSON without its escapes.
    private static string Written(string[] subjects) => $"[{string.Join(", ", subjects.Select(subject => $"\"{subject}\""))}]";

    private static string[] SubjectsOf(Match list) => [.. Quoted().Matches(list.Value).Select(subject => subject.Groups[1].Value)];

    private static async Task<IAsyncDisposable> AnswerAsync(NatsConnection connection, string[] publish, string[] subscribe)
    {
        var answer = JsonSerializer.SerializeToUtf8Bytes(
            new { data = new { user = "app", permissions = new { publish = new { allow = publish }, subscribe = new { allow = subscribe } } } });
        var questions = await connection.SubscribeCoreAsync<string>(Question);
        await connection.PingAsync();
        _ = Task.Run(async () =>
        {
            await foreach (var question in questions.Msgs.ReadAllAsync())
            {
                await question.ReplyAsync(answer);
            }
        });
        return questions;
    }

    [GeneratedRegex(@"^\s*#.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"(publish|subscribe): \[[^\]]*\]")]
    private static partial Regex Lists();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
