using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace NatsServers;

/// <summary>
/// A real nats-server process with JetStream, on a loopback port and a folder of its own. Both stay the same through stops,
/// kills and restarts.
/// </summary>
public sealed class NatsServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder;
    private readonly ServerPlace _place;
    private readonly string _cluster;
    private string _configuration;
    private ChildProcess? _process;

    internal NatsServer(string name, int port, string configuration, string cluster = "", ServerPlace? place = null)
    {
        (Name, Port, _configuration, _cluster) = (name, port, configuration, cluster);
        _place = place ?? new ServerPlace();
        _folder = new TemporaryFolder(_place.Folder);
    }

    /// <summary>The server's name, different for each server.</summary>
    public string Name { get; }

    /// <summary>The port for clients.</summary>
    public int Port { get; }

    /// <summary>The address for clients.</summary>
    public string Url => $"nats://{_place.Address}:{Port}";

    /// <summary>Where its streams are.</summary>
    public string Store => _folder.File("store");

    /// <summary>What the process has logged since its latest start.</summary>
    public string Log => _process?.Output ?? string.Empty;

    /// <summary>Starts a server.</summary>
    /// <param name="configuration">
    /// Added to its configuration file. Where it asks for users, <see cref="ReadAsync"/> needs a <c>no_auth_user</c>.
    /// </param>
    /// <param name="place">Where it listens and keeps its streams, if not on loopback and in a temporary folder.</param>
    public static Task<NatsServer> StartAsync(string configuration = "", ServerPlace? place = null) => StartAsync(configuration, FreePort.Next, place);

    internal static Task<NatsServer> StartAsync(string configuration, Func<int> nextPort, ServerPlace? place = null) => FreePort.StartAsync(async () =>
    {
        var server = new NatsServer($"server-{Guid.NewGuid():N}", nextPort(), configuration, place: place);
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    });

    /// <summary>A connection to it. With no authentication given, without credentials.</summary>
    public NatsConnection Connect(NatsAuthOpts? authentication = null) =>
        new(NatsOpts.Default with { Url = Url, AuthOpts = authentication ?? NatsAuthOpts.Default, HeaderEncoding = Encoding.UTF8 });

    /// <summary>All messages of a stream in their order; takes none of them.</summary>
    public async Task<IReadOnlyList<NatsMsg<string>>> ReadAsync(string stream)
    {
        await using var connection = Connect();
        return await new NatsJSContext(connection).ReadStreamAsync(stream);
    }

    /// <summary>Ends it at once (SIGKILL) and waits until it is gone.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Freezes it (SIGSTOP): connections stay open and nobody answers. Returns when it has stopped.</summary>
    public void Suspend() => _process!.Suspend();

    /// <summary>Lets it go on after <see cref="Suspend"/> (SIGCONT).</summary>
    public void Resume() => _process!.Resume();

    /// <summary>Asks it to end (SIGTERM), also when it is suspended, and waits until it has.</summary>
    public Task StopAsync() => _process!.TerminateAsync(Limit);

    /// <summary>Stops it if it runs and starts it on the same port and folder. Waits for the port if another process has it.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await Eventually.Async(TryLaunchAsync, launched => launched, Limit, $"port {Port} is free for {Name}");
    }

    /// <summary>
    /// Puts another text in the place of the one given at its start and has the running server take it up (SIGHUP).
    /// Clients stay connected unless they lost the right to be.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server refuses the configuration; the message holds its log.</exception>
    public async Task ReloadAsync(string configuration)
    {
        _configuration = configuration;
        await WriteConfigurationAsync();
        var logged = Log.Length;
        _process!.HangUp();
        var log = await Eventually.Async(
            () => Task.FromResult(Log[logged..]),
            text => text.Contains("Reloaded server configuration", StringComparison.Ordinal) || FailedIn(text),
            Limit,
            $"{Name} takes up its configuration");
        if (FailedIn(log))
        {
            throw new InvalidOperationException($"{Name} refuses its configuration: {log}");
        }
    }

    /// <summary>Kills it and deletes its folder.</summary>
    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal async Task LaunchAsync()
    {
        _process?.Dispose();
        await WriteConfigurationAsync();
        _process = ChildProcess.Start("nats-server", ["-c", _folder.File("nats.conf")]);
        await Startup.ListensAsync(_process, Name, _folder.Path);
    }

    private static bool FailedIn(string log) => log.Contains("Failed to reload server configuration", StringComparison.Ordinal);

    private async Task<bool> TryLaunchAsync()
    {
        try
        {
            await LaunchAsync();
            return true;
        }
        catch (PortTakenException)
        {
            // Clients and other tests know the server by this port, so it waits for it.
            return false;
        }
    }

    private Task WriteConfigurationAsync() => File.WriteAllTextAsync(_folder.File("nats.conf"), $$"""
        server_name: "{{Name}}"
        listen: "{{_place.Address}}:{{Port}}"
        ports_file_dir: "{{_folder.Path}}"
        jetstream { store_dir: "{{Store}}" }
        {{_cluster}}
        {{_configuration}}
        """);
}
