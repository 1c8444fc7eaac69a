using System.Net;
using System.Net.Sockets;

namespace Tickets.Faults.Systems;

/// <summary>Stands between a service and PostgreSQL. When told to, it lets a COMMIT pass and breaks the connection before the answer.</summary>
public sealed class CommitProxy : IAsyncDisposable
{
    private const int BufferSize = 65_536;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _port;
    private readonly Task _accepting;
    private int _toLose;

    /// <summary>Begins to forward.</summary>
    /// <param name="port">The server's port on loopback.</param>
    public CommitProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Its own port on loopback.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many answers are still to be lost.</summary>
    public int ToLose => Volatile.Read(ref _toLose);

    /// <summary>Loses the answers to the next commits.</summary>
    /// <param name="count">To how many.</param>
    public void Lose(int count) => Interlocked.Exchange(ref _toLose, count);

    /// <summary>Breaks all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            _ = ForwardAsync(client, _stopping.Token);
        }
    }

    private async Task ForwardAsync(TcpClient client, CancellationToken cancellation)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, cancellation);
                var answerIsLost = new StrongBox();
                await Task.WhenAny(
                    PumpAsync(client, server, data => answerIsLost.Value |= IsCommitToLose(data), cancellation),
                    PumpAsync(server, client, _ => answerIsLost.ThrowIfSet(), cancellation));
            }
            catch (SocketException)
            {
                // The server is not there: then the client's connection breaks too.
            }
        }
    }

    private bool IsCommitToLose(ReadOnlySpan<byte> data) =>
        ToLose > 0 && data.IndexOf("COMMIT"u8) >= 0 && Interlocked.Decrement(ref _toLose) >= 0;

    private static async Task PumpAsync(TcpClient from, TcpClient to, SpanAction look, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        while (await from.GetStream().ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            look(buffer.AsSpan(0, read));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private delegate void SpanAction(ReadOnlySpan<byte> data);

    private sealed class StrongBox
    {
        public bool Value { get; set; }

        public void ThrowIfSet()
        {
            if (Value)
            {
                throw new IOException("The answer is lost.");
            }
        }
    }
}
