using Dapper;

namespace Tickets.Handlers.Storage;

/// <summary>The tenants that a table has rows of.</summary>
internal static class KnownTenants
{
    /// <summary>Goes from tenant to tenant in the table's index: a <c>DISTINCT</c> would go through all of their rows.</summary>
    /// <param name="database">Where.</param>
    /// <param name="next">Selects the first tenant after <c>@last</c>, in the order of an index.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(Database database, string next, CancellationToken cancellation)
    {
        await using var connection = await database.OpenUpkeepReaderAsync(cancellation);
        List<string> tenants = [];
        while (await connection.QueryFirstOrDefaultAsync<string>(
            new CommandDefinition(next, new { last = tenants.LastOrDefault(string.Empty) }, cancellationToken: cancellation)) is { } tenant)
        {
            tenants.Add(tenant);
        }

        return tenants;
    }
}
