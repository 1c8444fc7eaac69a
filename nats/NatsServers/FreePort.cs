using System.Net;
using System.Net.Sockets;

namespace NatsServers;

/// <summary>
/// Finds loopback ports for servers. They lie below the range from which systems take the ports of outgoing connections:
/// a server that is down for a while finds its port free again, even while clients keep trying to reach it.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private const int Attempts = 5;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port on which nobody listens now; within a process a different one each time.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    /// <summary>Starts what takes ports of <see cref="Next"/>, again on others when somebody else took one meanwhile.</summary>
    internal static async Task<T> StartAsync<T>(Func<Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start();
            }
            catch (PortTakenException) when (attempt < Attempts)
            {
                // The next attempt asks for other ports.
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
