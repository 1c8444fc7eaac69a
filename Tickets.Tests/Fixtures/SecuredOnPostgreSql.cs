namespace Tickets.Tests.Fixtures;

/// <summary>The same on PostgreSQL.</summary>
public sealed class SecuredOnPostgreSql : SecuredService
{
    protected override async Task<(string Name, string Value)[]> SettingsAsync() =>
        [.. await base.SettingsAsync(), ("DATABASE_URL", await SharedPostgreSql.NewEmptyDatabaseAsync())];
}
