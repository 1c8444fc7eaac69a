namespace Tickets.Handlers.Storage;

/// <summary>A number that each tenant counts on in a transaction, so that there are no gaps.</summary>
/// <param name="table">Where it is kept, by <c>tenant</c>.</param>
/// <param name="column">What was given out last.</param>
internal sealed class Counter(string table, string column)
{
    /// <summary>What was given out last.</summary>
    public string Column { get; } = column;

    /// <summary>Adds <c>@Count</c> to that of <c>@Tenant</c>.</summary>
    public string Increase { get; } = $"""
        INSERT INTO {table} (tenant, {column}) VALUES (@Tenant, @Count)
        ON CONFLICT (tenant) DO UPDATE SET {column} = {table}.{column} + @Count
        """;

    /// <summary>Reads that of <c>@Tenant</c>.</summary>
    public string Value { get; } = $"SELECT {column} FROM {table} WHERE tenant = @Tenant";
}
