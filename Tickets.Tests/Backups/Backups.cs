using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Faults.Ledger;
using Tickets.Faults.Load;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Backups;

public sealed class BackupsOnSqlite : Backups
{
    // Each service has a file of its own.
    protected override Task<(string Name, string Value)[]> NewDatabaseAsync() => Task.FromResult<(string, string)[]>([]);
}

public sealed class BackupsOnPostgreSql : Backups
{
    private readonly List<PostgreSqlServer> _servers = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    // A server of its own, which knows none of the roles, and the login of somebody who owns the database and is no superuser.
    protected override async Task<(string Name, string Value)[]> NewDatabaseAsync()
    {
        var server = await PostgreSqlServer.StartAsync();
        _servers.Add(server);
        await server.ExecuteAsync("CREATE ROLE owner LOGIN CREATEROLE");
        var name = await server.CreateDatabaseAsync();
        await server.ExecuteAsync($"ALTER DATABASE {name} OWNER TO owner");
        return [("DATABASE_URL", $"postgres://owner:{Password}@127.0.0.1:{server.Port}/{name}")];
    }
}

/// <summary>A backup that is made under load, and restored where nothing is.</summary>
public abstract class Backups : IAsyncDisposable
{
    protected const string Password = "canary-of-the-owner";

    private const int Seed = 1;
    private const string Letter = "letter-1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];

    [Fact]
    public async Task what_was_settled_before_a_backup_under_load_is_there_once_after_its_restoration()
    {
        var first = await SystemAsync();
        await first.Service.StartAgainAsync();
        await GiveUpACommandAsync(first.Connection);
        var client = new LoadClient(() => [first.Service.Process], first.Connection, Seed, pace: TimeSpan.FromMilliseconds(5));
        client.Start();
        await TakenAsync(client, 600);

        var began = DateTimeOffset.UtcNow;
        var (exitCode, output) = await first.Service.RunAsync("backup", _folder.File("a.tar"));
        exitCode.ShouldBe(0, output);
        output.ShouldContain("ok    ");
        output.ShouldNotContain(Password);
        await TakenAsync(client, 100);
        await client.StopAsync(Limit);
        await first.Service.StopAsync();

        var second = await SystemAsync();
        var restored = await second.Service.RunAsync("restore", _folder.File("a.tar"));
        restored.ExitCode.ShouldBe(0, restored.Output);
        await second.Service.StartAgainAsync();
        await QuietAsync(second);

        await AllIsInOrderAsync(second, [.. client.History.Select(sent => AsOf(began, sent))]);
        await NewCommandsWorkAsync(second.Service);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<(string Name, string Value)[]> NewDatabaseAsync();

    private async Task<(TicketService Service, NatsConnection Connection)> SystemAsync()
    {
        var nats = await NatsServer.StartAsync();
        _started.Add(nats);
        var connection = nats.Connect();
        _started.Add(connection);
        var service = TicketService.NotStarted(nats, await NewDatabaseAsync());
        _started.Add(service);
        return (service, connection);
    }

    private static async Task GiveUpACommandAsync(NatsConnection connection)
    {
        (await new NatsJSContext(connection).PublishAsync("ticket.commands.acme.create", "{", opts: new NatsJSPubOpts { MsgId = Letter })).EnsureSuccess();
        await Eventually.Async(async () => (await DeadLetterLog.ReadAsync(connection)).Count, count => count == 1, Limit, "the command is given up");
    }

    private static Task TakenAsync(LoadClient client, int more)
    {
        var goal = client.Taken + more;
        return Eventually.Async(() => client.Taken >= goal, Limit, $"{more} more commands are taken");
    }

    // What was settled later may be in the backup or not, but not by halves.
    private static SentCommand AsOf(DateTimeOffset began, SentCommand sent) =>
        sent.Outcome == Outcome.Taken && sent.SettledAt >= began ? sent with { Outcome = Outcome.Unknown } : sent;

    private static async Task AllIsInOrderAsync((TicketService Service, NatsConnection Connection) system, IReadOnlyCollection<SentCommand> commands)
    {
        commands.Count(sent => sent.Outcome == Outcome.Taken).ShouldBeGreaterThan(500);
        commands.ShouldContain(sent => sent.Outcome == Outcome.Unknown);
        await using var database = Stored.Open(system.Service);
        await database.OpenAsync();
        var letters = await DeadLetterLog.ReadAsync(system.Connection);
        var check = new LedgerCheck(commands, await StoredState.ReadAsync(database), await EventLog.ReadAsync(system.Connection), letters);
        check.Findings().All.ShouldBeEmpty();
        letters.Select(letter => letter.MessageId).ShouldBe([Letter]);
    }

    private static async Task NewCommandsWorkAsync(TicketService service)
    {
        var last = Stored.Scalar<long>(service, "SELECT last_number FROM ticket_numbers WHERE tenant = 'acme'");
        using var response = await service.CreateAsync("acme", "After all");
        response.EnsureSuccessStatusCode();
        (await response.JsonAsync()).GetProperty("number").GetInt64().ShouldBe(last + 1);
    }

    private static async Task QuietAsync((TicketService Service, NatsConnection Connection) system)
    {
        var jetStream = new NatsJSContext(system.Connection);
        await SettledAsync("TICKET_COMMANDS", "ticket-workers");
        await Eventually.Async(() => Stored.Count(system.Service, "outgoing_messages") == 0, Limit, "the outbox is empty");
        await SettledAsync("TICKET_EVENTS", "notifier");

        Task SettledAsync(string stream, string consumer) => Eventually.Async(
            async () => (await jetStream.GetConsumerAsync(stream, consumer)).Info is var info ? $"{info.NumPending} pending, {info.NumAckPending} being handled" : string.Empty,
            state => state == "0 pending, 0 being handled",
            Limit,
            $"{consumer} has settled everything");
    }
}
