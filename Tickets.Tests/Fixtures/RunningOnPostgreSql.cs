namespace Tickets.Tests.Fixtures;

/// <summary>The same on a PostgreSQL database in which nothing is yet.</summary>
public sealed class RunningOnPostgreSql : RunningService
{
    protected override async Task<(string Name, string Value)[]> SettingsAsync() =>
        [("DATABASE_URL", await SharedPostgreSql.NewEmptyDatabaseAsync())];
}
