namespace Tickets.Tests.Fixtures;

/// <summary>The same on PostgreSQL: the provisioner makes the tables as their owner, and the service's login owns nothing.</summary>
public sealed class ProductionOnPostgreSql : ProductionCluster
{
    private string _database = null!;

    protected override string OwnersDatabase => _database;

    public override async ValueTask InitializeAsync()
    {
        _database = await SharedPostgreSql.NewEmptyDatabaseAsync();
        await base.InitializeAsync();
    }

    // As postgres-roles.sh does it.
    protected override async Task<(string Name, string Value)[]> StorageAsync()
    {
        var login = $"ticket_svc_{Guid.NewGuid():N}";
        await (await SharedPostgreSql.ServerAsync()).ExecuteAsync($"CREATE ROLE {login} LOGIN IN ROLE tickets_app, tickets_upkeep");
        return [("DATABASE_URL", new UriBuilder(_database) { UserName = login }.Uri.ToString())];
    }
}
