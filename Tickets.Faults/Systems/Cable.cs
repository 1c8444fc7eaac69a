namespace Tickets.Faults.Systems;

/// <summary>A pair of network interfaces, one here and one inside a network.</summary>
/// <param name="network">The network.</param>
/// <param name="outer">The name of the interface here.</param>
/// <param name="inner">The name of the interface in the network.</param>
/// <param name="outside">The address here.</param>
/// <param name="inside">The address in the network.</param>
public sealed class Cable(string network, string outer, string inner, string outside, string inside)
{
    /// <summary>The address here.</summary>
    public string Outside => outside;

    /// <summary>The address in the network.</summary>
    public string Inside => inside;

    /// <summary>Nothing passes any more, either way, and nobody is told.</summary>
    public Task CutAsync() => Network.IpAsync("link", "set", outer, "down");

    /// <summary>What goes into the network is lost; what comes out of it arrives.</summary>
    public Task CutInwardAsync() => Network.IpAsync("route", "add", "blackhole", $"{inside}/32");

    /// <summary>What comes out of the network is lost; what goes into it arrives.</summary>
    public Task CutOutwardAsync() => Network.IpAsync("-n", network, "route", "add", "blackhole", $"{outside}/32");

    /// <summary>Undoes <see cref="CutAsync"/>.</summary>
    public Task MendAsync() => Network.IpAsync("link", "set", outer, "up");

    /// <summary>Undoes <see cref="CutInwardAsync"/>.</summary>
    public Task MendInwardAsync() => Network.IpAsync("route", "del", "blackhole", $"{inside}/32");

    /// <summary>Undoes <see cref="CutOutwardAsync"/>.</summary>
    public Task MendOutwardAsync() => Network.IpAsync("-n", network, "route", "del", "blackhole", $"{outside}/32");

    internal async Task PlugAsync()
    {
        await Network.IpAsync("link", "add", outer, "type", "veth", "peer", "name", inner);
        await Network.IpAsync("link", "set", inner, "netns", network);
        await Network.IpAsync("addr", "add", $"{outside}/30", "dev", outer);
        await Network.IpAsync("link", "set", outer, "up");
        await Network.IpAsync("-n", network, "addr", "add", $"{inside}/30", "dev", inner);
        await Network.IpAsync("-n", network, "link", "set", inner, "up");
    }

    // The pair goes with either end.
    internal Task UnplugAsync() => Network.IpAsync("link", "del", outer);
}
