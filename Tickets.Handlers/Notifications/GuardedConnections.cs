using System.Net;
using System.Net.Sockets;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// Connects to the address that was looked at: a name is resolved once for a connection, so that it can't lead elsewhere between the
/// look and the connection (DNS rebinding).
/// </summary>
/// <param name="allowPrivate">Whether private networks and this machine are allowed.</param>
/// <param name="resolve">Gives the addresses of a name. Default: the system's resolver.</param>
public sealed class GuardedConnections(bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>What an HTTP handler calls for a connection.</summary>
    /// <exception cref="ForbiddenAddressException">An address of the name is not allowed: then it has no business here at all.</exception>
    /// <exception cref="SocketException">There is no such name, or nobody listens.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellation);
        foreach (var address in addresses)
        {
            if (EgressAddresses.Fault(address, allowPrivate) is { } fault)
            {
                throw new ForbiddenAddressException(fault);
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
