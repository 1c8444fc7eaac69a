namespace Tickets.Api.Bench;

/// <summary>The tickets of one run. Its tenants are its own, so what it made can be counted.</summary>
/// <param name="tenants">How many tenants.</param>
internal sealed class BenchTickets(int tenants)
{
    /// <summary>What stands before a command's number in its title.</summary>
    public static ReadOnlySpan<byte> TitlePrefix => "\"bench "u8;

    private readonly string _run = Guid.CreateVersion7().ToString("N")[..12];

    /// <summary>All tenants of the run.</summary>
    public IEnumerable<string> Tenants => Enumerable.Range(0, tenants).Select(TenantOf);

    /// <summary>The tenant of a command.</summary>
    public string TenantOf(int number) => $"bench-{_run}-{number % tenants}";

    /// <summary>The identity of a command.</summary>
    public string KeyOf(int number) => $"{_run}-{number}";

    /// <summary>Its body. Each asks for a notification: a command leaves three events.</summary>
    public string BodyOf(int number) =>
        $$"""{"title": "bench {{number}}", "description": "A ticket of about the size that people write.", "priority": "critical", "created_by": "bench"}""";
}
