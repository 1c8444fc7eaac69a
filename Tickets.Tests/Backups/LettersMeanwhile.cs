using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Api.Backups;
using Tickets.Handlers.Storage;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Backups;

/// <summary>A command that is given up while the backup is made.</summary>
public sealed class LettersMeanwhile
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task what_was_given_up_before_the_database_was_copied_is_a_dead_letter_after_a_restoration()
    {
        using var folder = new TemporaryFolder();
        await using (var nats = await NatsServer.StartAsync())
        await using (var service = await TicketService.StartAsync(nats))
        {
            await service.StopAsync();
            await RefuseAsync(service, "Poison");
            (await service.RunAsync("send", Tenant, "create", """{"title": "Poison", "created_by": "ada"}""", "--wait", "0")).ExitCode.ShouldBe(0);
            await BackUpAsync(nats, service, folder.File("a.tar"), async () =>
            {
                await service.StartAgainAsync();
                await nats.LettersOfAsync(Tenant, 1);
                await Eventually.Async(() => Stored.Count(service, "ledger") == 1, Limit, "its failure is recorded");
            });
        }

        await using var other = await NatsServer.StartAsync();
        await using var restored = TicketService.NotStarted(other);
        var (exitCode, output) = await restored.RunAsync("restore", folder.File("a.tar"), "--replace", "--yes");
        exitCode.ShouldBe(0, output);
        await restored.StartAgainAsync();
        await other.NoCommandIsLeftAsync();

        (await other.LettersOfAsync(Tenant, 0)).Count.ShouldBe(1);
        Stored.Count(restored, "ledger").ShouldBe(1);
    }

    // What breaks a rule of the service is refused at each delivery; of what the database refuses the ledger tells.
    private static async Task RefuseAsync(TicketService service, string title)
    {
        await using var connection = new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false");
        await connection.ExecuteAsync($"CREATE TRIGGER refusal BEFORE INSERT ON tickets WHEN NEW.title = '{title}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
    }

    private static async Task BackUpAsync(NatsServer nats, TicketService service, string file, Func<Task> beforeTheDatabase)
    {
        await using var connection = nats.Connect();
        await using var storage = new ServiceCollection().AddLogging().AddStorage(StorageTarget.Parse(service.DatabaseUrl)).BuildServiceProvider();
        using var archive = new ArchiveWriter(file);
        await new BackupWork(new CopiedLater(storage.GetRequiredService<IDatabaseBackup>(), beforeTheDatabase), "ticket-svc", TimeProvider.System)
            .RunAsync(archive, new NatsJSContext(connection), (_, _) => { }, TestContext.Current.CancellationToken);
    }
}
