using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tickets.Tests.Fixtures;

/// <summary>Something that answers whatever it is asked with the same text and hangs up.</summary>
public sealed class CannedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _answering;

    /// <param name="answer">The status line, the headers and the body.</param>
    /// <param name="port">Where it listens on loopback; 0 for one that the system chooses.</param>
    public CannedServer(string answer, int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _answering = AnswerAsync(Encoding.ASCII.GetBytes(answer));
    }

    public string Address => $"{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AnswerAsync(byte[] answer)
    {
        while (!_ending.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_ending.Token);
            await using var stream = client.GetStream();
            using var request = new StreamReader(stream, leaveOpen: true);
            while (await request.ReadLineAsync(_ending.Token) is { Length: > 0 })
            {
                // It is the same whatever is asked.
            }

            await stream.WriteAsync(answer, _ending.Token);
        }
    }
}
