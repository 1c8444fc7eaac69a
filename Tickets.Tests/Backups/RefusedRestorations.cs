using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Backups;

/// <summary>What keeps a backup from being made or restored is said in one line, and then nothing was changed.</summary>
public sealed class RefusedRestorations(RunningService running) : IClassFixture<RunningService>, IDisposable
{
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();
    private readonly TemporaryFolder _folder = new();

    private string Archive => _folder.File("a.tar");

    [Fact]
    public async Task a_file_that_is_there_already_is_not_written_over()
    {
        await File.WriteAllTextAsync(Archive, "precious");

        await RefusedAsync(_service, "is there already", "backup", Archive);

        (await File.ReadAllTextAsync(Archive)).ShouldBe("precious");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([Archive]);
    }

    [Fact]
    public async Task a_backup_that_can_not_be_made_leaves_nothing_behind()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        await RefusedAsync(service, "stream not found", "backup", Archive);

        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task nothing_is_restored_beneath_a_service_that_runs()
    {
        using var created = await _service.CreateAsync(_tenant, "Stays");
        await BackedUpAsync();

        await RefusedAsync(_service, "a service runs", "restore", Archive, "--replace", "--yes");

        (await _service.ListAsync(_tenant)).ShouldHaveSingleItem();
        (await _service.IsReadyAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task nothing_is_restored_into_the_streams_of_a_service_that_runs()
    {
        await BackedUpAsync();
        await using var other = TicketService.NotStarted(running.Nats);

        await RefusedAsync(other, "pull requests waiting", "restore", Archive, "--replace", "--yes");

        File.Exists(other.DatabasePath).ShouldBeFalse();
    }

    [Fact]
    public async Task a_damaged_archive_is_refused_before_anything_is_changed()
    {
        await BackedUpAsync();
        await using (var file = File.OpenWrite(Archive))
        {
            file.SetLength(file.Length / 2);
        }

        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats);

        await RefusedAsync(service, "is damaged", "restore", Archive);

        File.Exists(service.DatabasePath).ShouldBeFalse();
        await using var connection = nats.Connect();
        await foreach (var name in new NATS.Client.JetStream.NatsJSContext(connection).ListStreamNamesAsync())
        {
            throw new InvalidOperationException($"{name} was made");
        }
    }

    [Fact]
    public async Task what_is_there_is_replaced_only_when_that_is_asked_for()
    {
        using var created = await _service.CreateAsync(_tenant, "Of the backup");
        await BackedUpAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats);
        using var later = await service.CreateAsync(_tenant, "To be replaced");
        await service.StopAsync();

        await RefusedAsync(service, "add --replace", "restore", Archive);
        await RefusedAsync(service, "add --yes", "restore", Archive, "--replace");
        (await service.RunAsync("republish", "--since", "1h", "--dry-run", "--json")).Output.ShouldContain("\"changes\":1,");
        var (exitCode, output) = await service.RunAsync("restore", Archive, "--replace", "--yes");

        exitCode.ShouldBe(0, output);
        output.ShouldContain($"The database that was there before is {service.DatabasePath}.before-restore-");
        await service.StartAgainAsync();
        (await service.ListAsync(_tenant)).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Of the backup");
    }

    [Fact]
    public async Task an_archive_is_for_the_kind_of_database_that_it_has()
    {
        await BackedUpAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats, ("DATABASE_URL", await SharedPostgreSql.NewEmptyDatabaseAsync()));

        await RefusedAsync(service, "the archive has a sqlite database", "restore", Archive);
    }

    [Fact]
    public async Task a_missing_pg_dump_is_said_with_the_package_that_has_it()
    {
        // Without a password, the name of the login is taken for a secret, and out of every line.
        var database = new UriBuilder(await SharedPostgreSql.NewDatabaseAsync()) { Password = "canary-of-postgres" };
        await using var service = TicketService.NotStarted(running.Nats, ("DATABASE_URL", database.Uri.ToString()), ("PATH", _folder.Path));

        await RefusedAsync(service, "install the package postgresql-client", "backup", Archive);
    }

    [Fact]
    public async Task a_login_that_sees_less_than_everything_makes_no_backup()
    {
        var server = await SharedPostgreSql.ServerAsync();
        var login = $"svc_{Guid.NewGuid():N}";
        var url = new UriBuilder(await SharedPostgreSql.NewDatabaseAsync()) { UserName = login };
        await server.ExecuteAsync($"CREATE ROLE {login} LOGIN IN ROLE tickets_app, tickets_upkeep");
        await using var service = TicketService.NotStarted(running.Nats, ("DATABASE_URL", url.Uri.ToString()));

        await RefusedAsync(service, "the login does not see all rows of ", "backup", Archive);
    }

    public void Dispose() => _folder.Dispose();

    private async Task BackedUpAsync()
    {
        var (exitCode, output) = await _service.RunAsync("backup", Archive);
        exitCode.ShouldBe(0, output);
    }

    private static async Task RefusedAsync(TicketService service, string fault, params string[] words)
    {
        var (exitCode, output) = await service.RunAsync(words);

        exitCode.ShouldBe(1, output);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldHaveSingleItem().ShouldContain(fault);
        output.TrimStart().ShouldStartWith("FAIL  ");
    }
}
