using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Api.Backups;
using Tickets.Handlers.Storage;
using Tickets.Tests.Fixtures;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Backups;

/// <summary>Events of changes that are older than the backup, and leave for their stream after its copy was made and before the database's.</summary>
public sealed class EventsThatWaited : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly string[] Events = ["ticket.created", "audit.recorded"];

    private readonly TemporaryFolder _folder = new();
    private NatsServer _nats = null!;
    private NatsConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync();
        _connection = _nats.Connect();
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.PostgreSql)]
    public async Task those_that_waited_in_the_outbox_are_there_after_a_restoration(StorageKind kind)
    {
        await using var service = await TicketService.StartAsync(_nats, await DatabaseAsync(kind));
        await LimitEventsAsync(maxBytes: 1);
        using var created = await service.CreateAsync(Tenant, "Waits");
        created.EnsureSuccessStatusCode();
        await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 1, Limit, "both events wait, as one");

        await BackUpAsync(service, () => LimitEventsAsync(maxBytes: -1));

        await AllIsThereAfterRestorationAsync(await DatabaseAsync(kind));
    }

    [Fact]
    public async Task those_of_a_command_that_waited_for_its_commit_are_there_after_a_restoration()
    {
        await using var service = await TicketService.StartAsync(_nats);
        await using var locked = new SqliteConnection($"Data Source={service.DatabasePath};Pooling=false");
        await locked.OpenAsync(TestContext.Current.CancellationToken);
        await locked.ExecuteAsync("BEGIN IMMEDIATE");
        await new NatsJSContext(_connection).PublishAsync($"ticket.commands.{Tenant}.create", """{"title": "Waits", "created_by": "ada"}""");
        await Eventually.Async(service.IsReadyAsync, ready => !ready, Limit, "it is decided and can't be committed");

        await BackUpAsync(service, () => locked.ExecuteAsync("ROLLBACK"));

        await AllIsThereAfterRestorationAsync([]);
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.PostgreSql)]
    public async Task those_of_a_process_whose_clock_was_ahead_are_there_after_a_restoration(StorageKind kind)
    {
        await using var service = await TicketService.StartAsync(_nats, await DatabaseAsync(kind));
        using var created = await service.CreateAsync(Tenant, "Of today");
        await _nats.EventsAsync(Tenant, Events);

        await BackUpAsync(service, () => FastClock.ChangeAsync(service, Tenant));

        await AllIsThereAfterRestorationAsync(await DatabaseAsync(kind), changes: 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _nats.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<(string Name, string Value)[]> DatabaseAsync(StorageKind kind) =>
        kind == StorageKind.PostgreSql ? [("DATABASE_URL", await SharedPostgreSql.NewDatabaseAsync())] : [];

    // As ten minutes after what has just happened.
    private async Task BackUpAsync(TicketService service, Func<Task> letThemLeave)
    {
        await using var storage = new ServiceCollection().AddLogging().AddStorage(StorageTarget.Parse(service.DatabaseUrl)).BuildServiceProvider();
        var database = new CopiedLater(storage.GetRequiredService<IDatabaseBackup>(), async () =>
        {
            await letThemLeave();
            await _nats.EventsAsync(Tenant, Events);
            await Eventually.Async(() => Stored.Count(service, "outgoing_messages") == 0, Limit, "the outbox is empty");
        });
        using var archive = new ArchiveWriter(_folder.File("a.tar"));
        await new BackupWork(database, "ticket-svc", new LaterClock()).RunAsync(archive, new NatsJSContext(_connection), (_, _) => { }, TestContext.Current.CancellationToken);
        await service.StopAsync();
    }

    private async Task AllIsThereAfterRestorationAsync((string Name, string Value)[] database, int changes = 1)
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats, database);

        var (exitCode, output) = await service.RunAsync("restore", _folder.File("a.tar"), "--replace", "--yes");

        exitCode.ShouldBe(0, output);
        Stored.Count(service, "tickets", Tenant).ShouldBe(1);
        (await nats.ReadAsync("TICKET_EVENTS")).Select(message => message.Subject).ShouldBe(Enumerable.Repeat(Events, changes).SelectMany(events => events));
    }

    private async Task LimitEventsAsync(long maxBytes)
    {
        var jetStream = new NatsJSContext(_connection);
        var stream = await jetStream.GetStreamAsync("TICKET_EVENTS");
        stream.Info.Config.MaxBytes = maxBytes;
        stream.Info.Config.Discard = maxBytes > 0 ? StreamConfigDiscard.New : StreamConfigDiscard.Old;
        await jetStream.UpdateStreamAsync(stream.Info.Config);
    }

    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddMinutes(10);
    }
}
