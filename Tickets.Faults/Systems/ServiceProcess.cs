using System.Net;
using NatsServers;

namespace Tickets.Faults.Systems;

/// <summary>The real program as a process of its own, which may be killed, frozen and started again.</summary>
/// <param name="program">Its DLL.</param>
/// <param name="address">Where it serves HTTP.</param>
/// <param name="settings">Its environment.</param>
/// <param name="within">A command that runs it where it belongs, such as in a network of its own.</param>
public sealed class ServiceProcess(Uri address, string program, IReadOnlyDictionary<string, string?> settings, params IReadOnlyList<string> within) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private ChildProcess? _process;
    private string _earlier = string.Empty;

    /// <summary>Asks it.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        BaseAddress = address,
    };

    /// <summary>What it has written, since its first start.</summary>
    public string Output => _earlier + _process?.Output;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process!.HasExited;

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether it is frozen.</summary>
    public bool IsSuspended => _process!.IsSuspended;

    /// <summary>The memory that it holds, in bytes; 0 when it does not run.</summary>
    public long ResidentMemory => IsRunning ? _process!.ResidentMemory : 0;

    /// <summary>The names of the files that are mapped into its memory; it must run.</summary>
    public IReadOnlySet<string> MappedFiles => _process!.MappedFiles;

    /// <summary>What it ended with.</summary>
    public int ExitCode => _process!.ExitCode;

    /// <summary>A value of its environment; null when it has none of its own.</summary>
    public string? Setting(string name) => settings.GetValueOrDefault(name);

    /// <summary>Starts it and returns when it is ready.</summary>
    /// <param name="more">More of its environment, for this time.</param>
    public async Task StartAsync(params (string Name, string Value)[] more)
    {
        Launch(more);
        await Eventually.Async(IsReadyAsync, ready => ready, Limit, $"the service at {address} is ready");
    }

    /// <summary>Starts it; it may end at once.</summary>
    /// <param name="more">More of its environment, for this time.</param>
    public void Launch(params (string Name, string Value)[] more)
    {
        _earlier = Output;
        _process?.Dispose();
        var command = Command("run");
        _process = ChildProcess.Start(command[0], command[1..], Environment(more));
    }

    /// <summary>Runs words of the command line to their end, with the same settings.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] words) => RunAsync(words, []);

    /// <summary>As <see cref="RunAsync(string[])"/>.</summary>
    /// <param name="words">The words.</param>
    /// <param name="more">More of its environment, for this time.</param>
    public Task<(int ExitCode, string Output)> RunAsync(string[] words, params (string Name, string Value)[] more)
    {
        var command = Command(words);
        return ChildProcess.RunAsync(command[0], command[1..], Environment(more));
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    public Task StopAsync() => _process!.TerminateAsync(Limit);

    /// <summary>Asks it to end (SIGTERM) and returns at once.</summary>
    public void Terminate() => _process!.Terminate();

    /// <summary>Freezes it (SIGSTOP).</summary>
    public void Suspend() => _process!.Suspend();

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Resume() => _process!.Resume();

    /// <summary>Returns when it has ended by itself.</summary>
    public Task EndedAsync(TimeSpan limit) => _process!.WaitForExitAsync(limit);

    /// <summary>Returns when HTTP answers, whatever it says.</summary>
    public Task AnswersAsync() => Eventually.Async(() => IsWellAsync("/health/live"), answers => answers, Limit, $"the service at {address} answers");

    /// <summary>Whether it says that it can work.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public Task<bool> IsReadyAsync() => IsWellAsync("/health/ready");

    /// <summary>Kills it.</summary>
    public void Dispose()
    {
        Http.Dispose();
        _process?.Dispose();
    }

    private async Task<bool> IsWellAsync(string path)
    {
        if (HasExited)
        {
            throw new InvalidOperationException($"The service ended with {ExitCode}:\n{Output}");
        }

        try
        {
            using var patience = new CancellationTokenSource(Patience);
            using var response = await Http.GetAsync(path, patience.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private string[] Command(params IEnumerable<string> words) => [.. within, "dotnet", program, .. words];

    private Dictionary<string, string?> Environment((string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?>(settings);
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }
}
