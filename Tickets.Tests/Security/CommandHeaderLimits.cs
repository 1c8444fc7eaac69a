using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>What a command on NATS may say beside its body is what HTTP takes, too: it travels on in every event.</summary>
public sealed class CommandHeaderLimits(RunningService running) : IClassFixture<RunningService>
{
    private const string Body = """{"title": "Who says so?", "created_by": "eve"}""";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly string _tenant = RunningService.NewTenant();

    public static TheoryData<string, string> Unusable => new()
    {
        { "60 KB", new string('a', 60 * 1024) },
        { "201 characters", new string('a', 201) },
        { "none", string.Empty },
        { "a line feed", "ada%0Aeve" },
        { "no ASCII", "Gr%C3%BC%C3%9Fe" },
        { "no ASCII, as it is", "Zoë" },
    };

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task a_command_by_an_actor_who_can_not_be_is_dead_lettered_and_changes_nothing(string what, string actor)
    {
        what.ShouldNotBeEmpty();

        var outcome = await SendAsync(("Actor", actor));

        outcome.GetProperty("status").GetInt32().ShouldBe(400);
        outcome.GetProperty("body").GetProperty("code").GetString().ShouldBe("validation_failed");
        outcome.GetProperty("body").GetProperty("errors").GetProperty("Actor")[0].GetString().ShouldBe("must be 1 to 200 printable ASCII characters");
        var letter = (await running.Nats.LettersOfAsync(_tenant, 1)).ShouldHaveSingleItem();
        letter.Header("Dlq-Reason")!.ShouldContain("Actor: must be");
        (await running.Service.ListAsync(_tenant)).ShouldBeEmpty();
        Stored.Count(running.Service, "dead_letters").ShouldBe(0);
    }

    [Fact]
    public async Task an_actor_has_up_to_200_characters()
    {
        var actor = new string('~', 200);

        (await SendAsync(("Actor", actor))).GetProperty("status").GetInt32().ShouldBe(201);

        (await running.Nats.EventsAsync(_tenant, "audit.recorded")).Single(e => e.Subject == "audit.recorded").Json()
            .GetProperty("actor").GetString().ShouldBe(actor);
    }

    [Theory]
    [InlineData(129, 'a')]
    [InlineData(65_000, 'a')]
    [InlineData(8, ' ')]
    public async Task what_can_not_tie_a_command_to_what_follows_is_not_taken(int length, char character)
    {
        (await SendAsync(("X-Correlation-ID", $"a{new string(character, length - 2)}a"))).GetProperty("status").GetInt32().ShouldBe(201);

        (await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded"))
            .ShouldAllBe(message => message.Header("ce-correlationid") == null);
    }

    [Fact]
    public async Task what_ties_a_command_to_what_follows_has_up_to_128_characters()
    {
        var correlation = new string('~', 128);

        await SendAsync(("X-Correlation-ID", correlation));

        (await running.Nats.EventsAsync(_tenant, "ticket.created", "audit.recorded"))
            .ShouldAllBe(message => message.Header("ce-correlationid") == correlation);
    }

    [Fact]
    public async Task a_request_by_an_actor_who_can_not_be_is_refused_by_name()
    {
        var answer = await RequestAsync(("Actor", new string('a', 201)));

        answer.GetProperty("errors").GetProperty("Actor")[0].GetString().ShouldBe("must be one value of 1 to 200 printable ASCII characters");
        (await running.Service.ListAsync(_tenant)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("long")]
    public async Task a_request_that_can_not_be_tied_to_what_follows_is_answered(string correlation)
    {
        await RequestAsync(("X-Correlation-ID", correlation == "long" ? new string('a', 300) : correlation));

        (await running.Service.ListAsync(_tenant)).ShouldHaveSingleItem();
    }

    private async Task<JsonElement> SendAsync((string Name, string Value) header)
    {
        await using var connection = running.Nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        await connection.PublishAsync(
            $"ticket.commands.{_tenant}.create", Encoding.UTF8.GetBytes(Body), headers: new NatsHeaders { ["Reply-To"] = inbox, [header.Name] = header.Value });
        return (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Json();
    }

    private async Task<JsonElement> RequestAsync((string Name, string Value) header)
    {
        await using var connection = running.Nats.Connect();
        return (await connection.RequestAsync<byte[], string>(
            $"ticket.api.{_tenant}.create", Encoding.UTF8.GetBytes(Body), headers: new NatsHeaders { [header.Name] = header.Value })).Json();
    }
}
