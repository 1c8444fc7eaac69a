using System.Net;
using System.Net.Sockets;

namespace Tickets.Tests.Fixtures;

/// <summary>
/// A TCP port of 127.0.0.1 that belongs to one test until <see cref="Dispose"/>, also while the test's server is down.
/// </summary>
/// <remarks>
/// The socket is bound and never listens. Linux then gives the port to nobody who asks for any free port, neither to a
/// listener nor to an outgoing connection, in any process; a server that binds this very port with SO_REUSEADDR (Go and
/// PostgreSQL do, and .NET does) may have it, and a client finds it closed while no server listens.
/// </remarks>
public sealed class LoopbackPort : IDisposable
{
    private readonly Socket _holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private LoopbackPort()
    {
        // .NET sets SO_REUSEADDR by itself when it binds a TCP socket on Unix; with the option set here, SO_REUSEPORT would come too.
        _holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_holder.LocalEndPoint!).Port;
    }

    /// <summary>The port's number.</summary>
    public int Number { get; }

    /// <summary>Reserves a port that is free now.</summary>
    public static LoopbackPort Reserve() => new();

    public void Dispose() => _holder.Dispose();
}
