using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NatsServers;
using Tickets.Api.Diagnostics;
using Tickets.Handlers.Storage;
using Tickets.Tests.Fixtures;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Diagnostics;

/// <summary>Whoever wants to may ask whether the service is ready.</summary>
public sealed class DatabaseProbes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task many_at_once_are_one_question_to_the_database()
    {
        await using var storage = await TestStorage.CreateAsync(StorageKind.PostgreSql);
        var check = new DatabaseHealthCheck(storage.Committer, storage.Database, storage.Clock);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => check.CheckHealthAsync(new HealthCheckContext())));

        answers.ShouldAllBe(answer => answer.Status == HealthStatus.Healthy);
        await using var owner = await storage.Database.OpenOwnerAsync(CancellationToken.None);
        (await owner.ExecuteScalarAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")).ShouldBe(1);
    }

    [Fact]
    public async Task hear_of_a_database_that_is_gone_and_of_its_return()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        var url = server.UrlOf(await server.CreateDatabaseAsync());
        using (var host = SharedPostgreSql.HostOf(url))
        {
            await host.Services.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None);
        }

        await using var storage = TestStorage.On(url);
        var check = new DatabaseHealthCheck(storage.Committer, storage.Database, TimeProvider.System);
        await IsAsync(HealthStatus.Healthy);

        await server.KillAsync();
        await IsAsync(HealthStatus.Unhealthy);

        await server.StartAgainAsync();
        await IsAsync(HealthStatus.Healthy);

        Task IsAsync(HealthStatus status) =>
            Eventually.Async(() => check.CheckHealthAsync(new HealthCheckContext()), answer => answer.Status == status, Limit, $"it is {status}");
    }
}
