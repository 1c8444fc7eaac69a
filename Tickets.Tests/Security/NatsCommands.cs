using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Whose a command is, on a server that lets everybody publish everything.</summary>
public sealed class NatsCommands(RunningService running) : IClassFixture<RunningService>
{
    private const string Body = """{"title": "Whose?", "created_by": "eve"}""";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly string _tenant = RunningService.NewTenant();
    private readonly string _victim = RunningService.NewTenant();

    [Theory]
    [InlineData("tenant-id")]
    [InlineData("tenant")]
    [InlineData("X-Tenant-ID")]
    [InlineData("ce-tenant")]
    public async Task it_belongs_to_the_tenant_of_its_subject_whatever_a_header_says(string header)
    {
        await PublishAsync($"ticket.commands.{_tenant}.create", Body, (header, _victim));

        await Eventually.Async(async () => (await running.Service.ListAsync(_tenant)).Count, count => count == 1, Limit, "the subject's tenant has it");
        (await running.Service.ListAsync(_victim)).ShouldBeEmpty();
    }

    [Fact]
    public async Task it_changes_nothing_of_a_tenant_that_is_not_its_subjects()
    {
        using var created = await running.Service.CreateAsync(_victim, "Kept");
        var id = created.Headers.Location!.ToString().Split('/')[^1];

        await OutcomeAsync("update", $$"""{"ticket_id": "{{id}}", "title": "Stolen"}""");
        await OutcomeAsync("comment", $$"""{"ticket_id": "{{id}}", "author": "eve", "body": "Read by me."}""");
        await OutcomeAsync("delete", $$"""{"ticket_id": "{{id}}"}""");

        var kept = (await running.Service.ListAsync(_victim)).ShouldHaveSingleItem();
        (kept.GetProperty("title").GetString(), kept.GetProperty("version").GetInt32()).ShouldBe(("Kept", 1));
        using var comments = await running.Service.GetAsync(_victim, $"/api/v1/tickets/{id}/comments");
        (await comments.Content.ReadAsStringAsync()).ShouldNotContain("Read by me.");
    }

    // A server stores what a client publishes there, wildcards and all.
    [Theory]
    [InlineData("*", "create", "_.create", "'*' is no valid tenant")]
    [InlineData("a>b", "create", "a_b.create", "'a>b' is no valid tenant")]
    [InlineData("acme", "*", "acme._", "no message type is mapped")]
    [InlineData("acme", "create.all", "acme.create.all", "no message type is mapped")]
    public async Task a_subject_that_would_be_of_many_is_of_none(string tenant, string verb, string letter, string reason)
    {
        await PublishAsync($"ticket.commands.{tenant}.{verb}", Body);

        (await running.Nats.DeadLettersAsync($"dlq.ticket.{letter}", 1)).ShouldHaveSingleItem().Header("Dlq-Reason")!.ShouldContain(reason);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("a>b")]
    public async Task neither_is_a_request(string tenant)
    {
        await using var connection = running.Nats.Connect();

        var refused = await connection.RequestAsync<byte[], string>($"ticket.api.{tenant}.create", Encoding.UTF8.GetBytes(Body));

        refused.Data!.ShouldContain("\"invalid_tenant\"");
    }

    private async Task OutcomeAsync(string verb, string body)
    {
        await using var connection = running.Nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        await PublishAsync($"ticket.commands.{_tenant}.{verb}", body, ("Reply-To", inbox));
        (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Data!.ShouldContain("\"ticket_not_found\"");
    }

    private async Task PublishAsync(string subject, string body, params (string Name, string Value)[] headers)
    {
        await using var connection = running.Nats.Connect();
        var written = new NatsHeaders(headers.ToDictionary(header => header.Name, header => new Microsoft.Extensions.Primitives.StringValues(header.Value)));
        (await new NatsJSContext(connection).PublishAsync(subject, Encoding.UTF8.GetBytes(body), headers: written)).EnsureSuccess();
    }
}
