using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;
using Tickets.Handlers.Storage;
using Wolverine;

[assembly: AssemblyFixture(typeof(Tickets.Tests.Fixtures.SharedPostgreSql))]

namespace Tickets.Tests.Fixtures;

/// <summary>One PostgreSQL server for all tests, started by the first that asks. Each test has a database of its own.</summary>
public sealed class SharedPostgreSql : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> Starting = new(() => PostgreSqlServer.StartAsync());
    private static readonly Lazy<Task<string>> Template = new(MigrateAsync);

    public static Task<PostgreSqlServer> ServerAsync() => Starting.Value;

    /// <summary>The URL of a new database. Its tables are there already.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await ServerAsync();
        return server.UrlOf(await server.CreateDatabaseAsync(await Template.Value));
    }

    /// <summary>The URL of a new database in which nothing is.</summary>
    public static async Task<string> NewEmptyDatabaseAsync()
    {
        var server = await ServerAsync();
        return server.UrlOf(await server.CreateDatabaseAsync());
    }

    /// <summary>The storage as the program registers it.</summary>
    public static IHost HostOf(string url)
    {
        var target = StorageTarget.Parse(url);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddStorage(target);
        builder.UseWolverine(wolverine => wolverine.UseStorage(target));
        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        if (Starting.IsValueCreated)
        {
            await (await Starting.Value).DisposeAsync();
        }
    }

    private static async Task<string> MigrateAsync()
    {
        var server = await ServerAsync();
        var name = await server.CreateDatabaseAsync();
        using var host = HostOf(server.UrlOf(name));
        await host.Services.GetRequiredService<IMigrator>().MigrateAsync(CancellationToken.None);
        await server.CloseDatabaseAsync(name);
        return name;
    }
}
