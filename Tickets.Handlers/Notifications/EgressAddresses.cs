using System.Net;
using System.Net.Sockets;

namespace Tickets.Handlers.Notifications;

/// <summary>Which addresses a webhook may be at: the public ones (IANA's registries of special-purpose addresses, RFC 6890).</summary>
public static class EgressAddresses
{
    private const int Ipv4Bytes = 4;

    // Where cloud providers hand out credentials, beside 169.254.169.254; and what no server can be reached by.
    private static readonly IPNetwork[] Never =
    [
        .. Of("169.254.0.0/16", "100.100.100.200/32", "192.0.0.0/24", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"),
        .. Of("fe80::/10", "fec0::/10", "fd00:ec2::/32", "ff00::/8", "::/128", "100::/64"),
    ];

    private static readonly IPNetwork[] Private =
    [
        .. Of("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"),
        .. Of("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24"),
        .. Of("::1/128", "fc00::/7", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16"),
    ];

    // How an IPv4 address is written within one of IPv6: the network, and the byte at which it begins.
    private static readonly (IPNetwork Network, int At)[] Embedding =
    [
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>Why an address is refused, to be read after "it"; null when it is not.</summary>
    /// <param name="address">Where a connection would go.</param>
    /// <param name="allowPrivate">Whether private networks and this machine are allowed; link-local and metadata addresses never are.</param>
    public static string? Fault(IPAddress address, bool allowPrivate)
    {
        ArgumentNullException.ThrowIfNull(address);
        var real = Real(address);
        return Array.Exists(Never, network => network.Contains(real)) ? "is link-local, a metadata service's, or no server's"
            : !allowPrivate && Array.Exists(Private, network => network.Contains(real)) ? "is private or this machine's"
            : null;
    }

    private static IPAddress Real(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var plain = new IPAddress(address.GetAddressBytes());
        foreach (var (network, at) in Embedding)
        {
            if (network.Contains(plain) && !plain.Equals(IPAddress.IPv6Loopback) && !plain.Equals(IPAddress.IPv6Any))
            {
                return new IPAddress(plain.GetAddressBytes().AsSpan(at, Ipv4Bytes));
            }
        }

        return plain;
    }

    private static IEnumerable<IPNetwork> Of(params string[] networks) => networks.Select(network => IPNetwork.Parse(network));
}
