using System.Diagnostics;
using System.Net;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>A backup and its restoration by the user of the shipped production configuration that is for these alone.</summary>
public sealed class NatsBackups(ProductionCluster production) : IClassFixture<ProductionCluster>, IDisposable
{
    private const string User = "backup";

    // As long as a server that answers may take. No more is needed to hear of a refusal.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task it_may_do_all_of_that_and_no_more()
    {
        using var created = await production.Service.CreateAsync(ProductionCluster.Tenant, "Kept");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);

        var backup = await production.RunAsync(User, provisions: false, "backup", _folder.File("a.tar"));
        backup.ExitCode.ShouldBe(0, backup.Output);
        await production.Service.StopAsync();
        var restored = await production.RunAsync(User, provisions: false, "restore", _folder.File("a.tar"), "--replace", "--yes");
        restored.ExitCode.ShouldBe(0, restored.Output + string.Join('\n', production.RefusedTo(User)));
        await production.Service.StartAgainAsync();

        (await production.Service.ListAsync(ProductionCluster.Tenant)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Kept");
        production.RefusedTo(User).ShouldBeEmpty();
        await using var somebody = await NatsAttempts.OpenAsync(production.Connect(User));
        foreach (var subject in new[] { "ticket.commands.acme.create", "$JS.API.STREAM.MSG.GET.TICKET_COMMANDS", "$JS.API.STREAM.PURGE.TICKET_EVENTS", "$JS.API.STREAM.DELETE.OTHER" })
        {
            (await somebody.MayPublishAsync(subject)).ShouldBeFalse(subject);
        }
    }

    [Fact]
    public async Task who_may_not_is_told_at_once_what_it_needs()
    {
        var clock = Stopwatch.StartNew();
        var backup = await production.RunAsync("operator", provisions: false, "backup", _folder.File("a.tar"));

        clock.Elapsed.ShouldBeLessThan(Patience);
        backup.ExitCode.ShouldBe(1);
        backup.Output.Trim().Split('\n').ShouldHaveSingleItem()
            .ShouldContain("The server forbids this user to publish to '$JS.API.STREAM.SNAPSHOT.TICKET_COMMANDS'. Give it these permissions.");
        File.Exists(_folder.File("a.tar")).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();
}
