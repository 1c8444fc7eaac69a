using System.Data.Common;
using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;
using Tickets.Tests.Records;

namespace Tickets.Tests.Storage;

/// <summary>A server and its standby, both named in the URL.</summary>
public sealed class SeveralHosts : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private PostgreSqlServer _server = null!;
    private string _name = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.StartAsync();
        _name = await _server.CreateDatabaseAsync();
        await _server.AddStandbyAsync();
    }

    [Fact]
    public async Task with_the_standby_named_first_the_service_starts_and_writes()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("DATABASE_URL", _server.UrlOfBoth(_name, standbyFirst: true)));

        using var created = await service.CreateAsync(Tenant, "Printer on fire");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.ListAsync(Tenant)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task with_the_standby_named_first_nothing_is_read_there()
    {
        var url = _server.UrlOfBoth(_name, standbyFirst: true);
        await MigrateAsync();
        await using var storage = TestStorage.On(url);
        await using var messages = PostgreSqlDatabase.SourceOfMessages(((StorageTarget.PostgreSql)StorageTarget.Parse(url)).ConnectionString);
        await using var reader = await storage.Database.OpenReaderAsync(Tenant, CancellationToken.None);
        await using var upkeep = await storage.Database.OpenUpkeepReaderAsync(CancellationToken.None);
        await using var owner = await storage.Database.OpenOwnerAsync(CancellationToken.None);
        await using var message = await messages.OpenConnectionAsync();

        foreach (var connection in new[] { reader, upkeep, owner, message })
        {
            (await connection.ExecuteScalarAsync<bool>("SELECT pg_is_in_recovery()")).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task a_server_that_comes_back_as_the_standby_of_its_own_standby_is_not_written_to()
    {
        await MigrateAsync();
        await using var storage = TestStorage.On(_server.UrlOfBoth(_name, standbyFirst: false));
        await WriteAsync(storage);

        await _server.SwitchOverAsync();

        await Eventually.Async(() => IsAskedAgainAsync(storage), asked => asked, Limit, "the first host is asked again whether it takes writes");
        await WriteAsync(storage);
    }

    [Fact]
    public async Task a_commit_that_the_standby_does_not_have_is_none()
    {
        await MigrateAsync();
        var login = ((StorageTarget.PostgreSql)StorageTarget.Parse(_server.UrlOf(_name))).ConnectionString;
        using var database = new PostgreSqlDatabase($"{login};Command Timeout=1");
        await using var committer = new GroupCommitter(database, NullLogger<GroupCommitter>.Instance);

        _server.SuspendStandby();
        var written = committer.CommitAsync(new Numbered(), CancellationToken.None);
        await Eventually.Async(() => committer.LastFault is NpgsqlException, Limit, "the answer to COMMIT is no longer waited for");

        written.IsCompleted.ShouldBeFalse();
        _server.ResumeStandby();
        await written.WaitAsync(Limit);
        await using var standby = new NpgsqlConnection($"{_server.StandbyConnectionString};Pooling=false");
        await standby.OpenAsync();
        await standby.ChangeDatabaseAsync(_name);
        (await standby.ExecuteScalarAsync<int>("SELECT count(*) FROM tickets.ticket_numbers")).ShouldBe(1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task MigrateAsync()
    {
        using var host = SharedPostgreSql.HostOf(_server.UrlOf(_name));
        await host.Services.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None);
    }

    private async Task<bool> IsAskedAgainAsync(TestStorage storage)
    {
        await WriteAsync(storage);
        await using var standby = new NpgsqlConnection($"{_server.StandbyConnectionString};Pooling=false");
        return await standby.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'tickets')");
    }

    private static Task WriteAsync(TestStorage storage) => storage.WriteAsync(
        Tenant, async (transaction, cancellation) => await new InsertTicket(TicketsFixture.New("Printer")).ApplyAsync(transaction, cancellation)).WaitAsync(Limit);

    // Written again, it finds its own row.
    private sealed class Numbered : IUnitOfWork
    {
        public string? Tenant => SeveralHosts.Tenant;

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation) => await transaction.Connection!.ExecuteAsync(
            "INSERT INTO ticket_numbers (tenant, last_number) VALUES (@Tenant, 1) ON CONFLICT (tenant) DO NOTHING", new { Tenant }, transaction);
    }
}
