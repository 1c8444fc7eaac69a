using System.Net.Sockets;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Tickets.Tests.Fixtures;

/// <summary>A real nats-server process with JetStream, on a port and a folder of its own.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly string _configuration;
    private ChildProcess? _process;

    private NatsServer(string configuration) => _configuration = configuration;

    public int Port { get; private set; } = -1;

    public string Url => $"nats://127.0.0.1:{Port}";

    public static async Task<NatsServer> StartAsync(string configuration = "")
    {
        var server = new NatsServer(configuration);
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        var file = _folder.File("nats.conf");
        await File.WriteAllTextAsync(file, $$"""
            listen: "127.0.0.1:{{Port}}"
            ports_file_dir: "{{_folder.Path}}"
            jetstream { store_dir: "{{_folder.File("store")}}" }
            {{_configuration}}
            """);
        _process = ChildProcess.Start("nats-server", ["-c", file]);
        await Eventually.Async(() => _process.HasExited || AcceptsConnections(), Limit, "nats-server accepts connections");
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"nats-server ended: {_process.Output}");
        }
    }

    /// <summary>Freezes it: connections stay open and nobody answers.</summary>
    public void Suspend() => Signals.Send(_process!.Id, Signals.Stop);

    public void Resume() => Signals.Send(_process!.Id, Signals.Continue);

    public Task StopAsync() => _process!.TerminateAsync(Limit);

    public NatsConnection Connect(NatsAuthOpts? authentication = null) =>
        new(NatsOpts.Default with { Url = Url, AuthOpts = authentication ?? NatsAuthOpts.Default });

    public async Task<IReadOnlyList<NatsMsg<string>>> ReadAsync(string stream)
    {
        await using var connection = Connect();
        var jetStream = new NatsJSContext(connection);
        var count = (await jetStream.GetStreamAsync(stream)).Info.State.Messages;
        var consumer = await jetStream.CreateOrderedConsumerAsync(stream);
        List<NatsMsg<string>> messages = [];
        while (messages.Count < count)
        {
            await foreach (var message in consumer.FetchAsync<string>(new NatsJSFetchOpts { MaxMsgs = 1000, Expires = TimeSpan.FromSeconds(1) }))
            {
                messages.Add(new NatsMsg<string>(message.Subject, null, message.Size, message.Headers, message.Data, null));
            }
        }

        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private bool AcceptsConnections()
    {
        if (Port < 0)
        {
            var ports = Path.Combine(_folder.Path, $"nats-server_{_process!.Id}.ports");
            if (!File.Exists(ports))
            {
                return false;
            }

            using var document = JsonDocument.Parse(File.ReadAllText(ports));
            Port = new Uri(document.RootElement.GetProperty("nats")[0].GetString()!).Port;
        }

        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
