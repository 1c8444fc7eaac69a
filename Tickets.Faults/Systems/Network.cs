using System.Globalization;
using NatsServers;

namespace Tickets.Faults.Systems;

/// <summary>
/// A network namespace of this run's own, joined to this machine by cables. Needs the right to make one (root) and
/// <c>ip</c> of iproute2.
/// </summary>
public sealed class Network : IAsyncDisposable
{
    private static int _made;

    private readonly string _name;

    private Network(string name, IReadOnlyList<Cable> cables) => (_name, Cables) = (name, cables);

    /// <summary>Its cables.</summary>
    public IReadOnlyList<Cable> Cables { get; }

    /// <summary>What runs a command in it.</summary>
    public IReadOnlyList<string> Within => ["ip", "netns", "exec", _name];

    /// <summary>Makes one.</summary>
    /// <param name="cables">How many cables.</param>
    public static async Task<Network> CreateAsync(int cables)
    {
        var number = Interlocked.Increment(ref _made);
        var process = Environment.ProcessId % 65_536;
        var name = string.Create(CultureInfo.InvariantCulture, $"tk{process:x}n{number:x}");
        await IpAsync("netns", "add", name);
        await IpAsync("-n", name, "link", "set", "lo", "up");
        List<Cable> made = [];
        for (var i = 0; i < cables; i++)
        {
            // 10.128.0.0/9 in blocks of four addresses.
            var block = (((process * 64) + (number * 4) + i) % (1 << 21)) * 4;
            made.Add(new Cable(name, $"{name}h{i}", $"{name}i{i}", Address(block + 1), Address(block + 2)));
            await made[^1].PlugAsync();
        }

        return new Network(name, made);
    }

    /// <summary>Takes it away, with its cables.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var cable in Cables)
        {
            await cable.UnplugAsync();
        }

        await IpAsync("netns", "del", _name);
    }

    internal static Task IpAsync(params string[] words) => ChildProcess.MustRunAsync("ip", words);

    private static string Address(int block) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{128 + (block >> 16)}.{(block >> 8) & 255}.{block & 255}");
}
