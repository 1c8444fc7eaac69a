namespace Tickets.Handlers.Retention;

/// <summary>A table whose rows grow old.</summary>
/// <param name="Name">The table.</param>
/// <param name="Key">The column that is its key beside the tenant.</param>
/// <param name="Time">The column that tells a row's age.</param>
/// <param name="Cutoff">The time before which rows are too old, as that column holds it.</param>
internal sealed record PrunedTable(string Name, string Key, string Time, object Cutoff)
{
    /// <summary>
    /// Goes through the table in the order of its key, a batch at a time: no index by age has to be kept for every
    /// command, and no statement runs for long.
    /// </summary>
    public string Batch => $"""
        SELECT tenant AS Tenant, {Key} AS Key, {Time} < @Cutoff AS IsOld FROM {Name}
        WHERE (tenant, {Key}) > (@Tenant, @Key) ORDER BY tenant, {Key} LIMIT @Limit
        """;

    /// <summary>
    /// Removes what is old of a tenant's part of a batch, which has all that lies between its first key and its last: one statement,
    /// since each keeps the commands of its group waiting for a round trip.
    /// </summary>
    public string Delete => $"DELETE FROM {Name} WHERE tenant = @Tenant AND {Key} BETWEEN @First AND @Last AND {Time} < @Cutoff";
}
