using System.Net;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

public sealed class ZeroCharactersOnSqlite(RunningService running) : ZeroCharacters(running), IClassFixture<RunningService>;

public sealed class ZeroCharactersOnPostgreSql(RunningOnPostgreSql running) : ZeroCharacters(running), IClassFixture<RunningOnPostgreSql>;

/// <summary>U+0000, which PostgreSQL can't store: it is refused at every door, whichever database is behind it.</summary>
public abstract class ZeroCharacters(RunningService running)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TicketService _service = running.Service;
    private readonly NatsServer _nats = running.Nats;
    private readonly string _tenant = RunningService.NewTenant();

    public static TheoryData<string, string, string> Texts => new()
    {
        { "create", """{"title": "t\u0000", "created_by": "ada"}""", "title" },
        { "create", """{"title": "t", "created_by": "a\u0000"}""", "created_by" },
        { "create", """{"title": "t", "created_by": "ada", "assignee": "\u0000b"}""", "assignee" },
        { "create", """{"title": "t", "created_by": "ada", "description": "a\u0000b"}""", "description" },
        { "create", """{"title": "t", "created_by": "ada", "tags": ["fine", "a\u0000b"]}""", "tags" },
        { "update", """{"description": "a\u0000b"}""", "description" },
        { "update", """{"tags": ["a\u0000b"]}""", "tags" },
        { "comment", """{"author": "ada", "body": "a\u0000b"}""", "body" },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public async Task a_text_that_holds_one_is_refused_over_http_and_nats_alike(string verb, string body, string field)
    {
        using var created = await _service.CreateAsync(_tenant, "Stays");
        var path = created.Headers.Location!.ToString();
        var named = verb == "create" ? body : $$"""{"ticket_id": "{{path.Split('/')[^1]}}", {{body[1..]}}""";

        using var response = await _service.SendAsync(
            verb == "update" ? HttpMethod.Patch : HttpMethod.Post,
            _tenant,
            verb switch { "create" => "/api/v1/tickets", "update" => path, _ => $"{path}/comments" },
            new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());

        await using var connection = _nats.Connect();
        var reply = await connection.RequestAsync<byte[], string>($"ticket.api.{_tenant}.{verb}", Encoding.UTF8.GetBytes(named));
        reply.Data!.ShouldContain("\"validation_failed\"");
        reply.Data!.ShouldContain($"\"{field}\"");
        (await AskAsync(connection, verb, named)).ShouldContain($"\"{field}\"");
    }

    [Theory]
    [InlineData("tickets", "assignee")]
    [InlineData("tickets", "created_by")]
    [InlineData("tickets", "tag")]
    [InlineData("tickets", "q")]
    [InlineData("tickets", "status")]
    [InlineData("dead-letters", "reason")]
    public async Task a_query_that_holds_one_is_refused_by_the_name_of_the_parameter(string list, string parameter)
    {
        using var response = await _service.GetAsync(_tenant, $"/api/v1/{list}?{parameter}=a%00b");

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        problem.GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue(problem.ToString());
    }

    [Theory]
    [InlineData("""{"assignee": "a\u0000b"}""")]
    [InlineData("""{"tag": ["fine", "a\u0000b"]}""")]
    [InlineData("""{"q": "a\u0000b"}""")]
    public async Task so_is_one_over_nats(string query)
    {
        await using var connection = _nats.Connect();

        var reply = await connection.RequestAsync<byte[], string>($"ticket.api.{_tenant}.list", Encoding.UTF8.GetBytes(query));

        reply.Data!.ShouldContain("\"validation_failed\"");
    }

    // What is percent-encoded in a header of NATS is decoded.
    [Theory]
    [InlineData("a%00b")]
    [InlineData("two%0Alines")]
    [InlineData("%20")]
    public async Task who_acts_is_no_such_name_either(string actor)
    {
        await using var connection = _nats.Connect();

        var outcome = await AskAsync(connection, "create", """{"title": "t", "created_by": "ada"}""", ("Actor", actor));

        outcome.ShouldContain("\"status\":400");
        outcome.ShouldContain("\"Actor\"");
        (await _nats.DeadLettersAsync($"dlq.ticket.{_tenant}.create", 1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task what_a_stranger_puts_into_a_header_of_our_own_stops_nothing()
    {
        await using var connection = _nats.Connect();

        var outcome = await AskAsync(connection, "create", """{"title": "t", "created_by": "ada"}""", ("Tickets-Fingerprint", "a%00b"));
        var refused = await AskAsync(connection, "create", "{}", ("Tickets-Fingerprint", "a%00b"));

        outcome.ShouldContain("\"status\":201");
        refused.ShouldContain("\"status\":400");
    }

    private async Task<string> AskAsync(NatsConnection connection, string verb, string body, params (string Name, string Value)[] headers)
    {
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        var written = new NatsHeaders { ["Reply-To"] = inbox };
        foreach (var (name, value) in headers)
        {
            written[name] = value;
        }

        var ack = await new NatsJSContext(connection).PublishAsync($"ticket.commands.{_tenant}.{verb}", Encoding.UTF8.GetBytes(body), headers: written);
        ack.EnsureSuccess();
        return (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Data!;
    }
}
