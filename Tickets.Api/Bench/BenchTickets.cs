using System.Buffers.Binary;

namespace Tickets.Api.Bench;

/// <summary>The tickets of one run. Its tenants are its own, so what it made can be counted.</summary>
internal sealed class BenchTickets
{
    /// <summary>What stands before a command's number in its title.</summary>
    public static ReadOnlySpan<byte> TitlePrefix => "\"bench "u8;

    private const int Tail = 12;

    private readonly Guid _id = Guid.CreateVersion7();
    private readonly string _run;
    private readonly int _tenants;

    /// <summary>Begins a run.</summary>
    /// <param name="tenants">How many tenants.</param>
    public BenchTickets(int tenants) => (_run, _tenants) = (_id.ToString("N")[..12], tenants);

    /// <summary>All tenants of the run.</summary>
    public IEnumerable<string> Tenants => Enumerable.Range(0, _tenants).Select(TenantOf);

    /// <summary>The tenant of a command.</summary>
    public string TenantOf(int number) => $"bench-{_run}-{number % _tenants}";

    /// <summary>The identity of a command: a UUID of version 7, as senders should use, since the ledger has those in order.</summary>
    public string KeyOf(int number)
    {
        Span<byte> id = stackalloc byte[16];
        _id.TryWriteBytes(id, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(id[Tail..], number);
        return new Guid(id, bigEndian: true).ToString();
    }

    /// <summary>Its body. Each asks for a notification: a command leaves three events.</summary>
    public string BodyOf(int number) =>
        $$"""{"title": "bench {{number}}", "description": "A ticket of about the size that people write.", "priority": "critical", "created_by": "bench"}""";
}
