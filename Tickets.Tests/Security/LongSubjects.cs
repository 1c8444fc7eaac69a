using System.Text;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>
/// A server closes a connection that publishes with a line of more than 4096 bytes, and all tenants share the service's. What
/// strangers name must not make such a line.
/// </summary>
public sealed class LongSubjects(RunningService running) : IClassFixture<RunningService>
{
    private const string Body = """{"title": "As long as it gets", "created_by": "eve"}""";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task an_outcome_goes_to_no_inbox_that_is_too_long()
    {
        await PublishAsync($"ticket.commands.{_tenant}.create", $"_INBOX.tenant.{_tenant}.{new string('a', 5000)}");

        await Eventually.Async(async () => (await running.Service.ListAsync(_tenant)).Count, count => count == 1, Limit, "it takes effect");
        await TheNeighbourIsAnsweredAsync();
        TheConnectionWasNotCut();
    }

    // The longest that anybody can publish to: the letter's line has its ack's subject and its sizes as well.
    [Theory]
    [InlineData("a")]
    [InlineData("a.")]
    public async Task a_command_on_a_subject_too_long_for_its_letter_is_dead_lettered_all_the_same(string filling)
    {
        var start = $"ticket.commands.{_tenant}.";
        var subject = start + string.Concat(Enumerable.Repeat(filling, 4060))[..(4060 - start.Length)].TrimEnd('.');

        await PublishAsync(subject);

        await TheNeighbourIsAnsweredAsync();
        var letter = (await running.Nats.LettersOfAsync(_tenant, 1, Limit)).ShouldHaveSingleItem();
        letter.Header("Dlq-Subject").ShouldBe(subject);
        letter.Header("Dlq-Reason")!.ShouldContain("no message type is mapped");
        letter.Data.ShouldBe(Body);
        letter.Subject.Length.ShouldBeLessThanOrEqualTo(1000);
        await running.Nats.NoCommandIsLeftAsync();
        TheConnectionWasNotCut();
    }

    private async Task TheNeighbourIsAnsweredAsync()
    {
        await using var connection = running.Nats.Connect();
        var inbox = connection.NewInbox();
        await using var answers = await connection.SubscribeCoreAsync<string>(inbox);
        await PublishAsync($"ticket.commands.{RunningService.NewTenant()}.create", inbox);
        (await answers.Msgs.ReadAsync().AsTask().WaitAsync(Limit)).Data!.ShouldContain("\"status\":201");
    }

    private void TheConnectionWasNotCut() => running.Nats.Log.ShouldNotContain("control line", Case.Insensitive);

    private async Task PublishAsync(string subject, string? replyTo = null)
    {
        await using var connection = running.Nats.Connect();
        await connection.PublishAsync(subject, Encoding.UTF8.GetBytes(Body), headers: replyTo is null ? null : new NatsHeaders { ["Reply-To"] = replyTo });
        await connection.PingAsync();
    }
}
