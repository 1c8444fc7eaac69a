using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NatsServers;

/// <summary>A process that ends with the tests at the latest, and its output.</summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan SuspendLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process) => _process = process;

    /// <summary>Whether it has ended, by itself or not.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The memory that it holds, in bytes.</summary>
    public long ResidentMemory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Whether it is frozen, by itself or another (Linux).</summary>
    public bool IsSuspended => File.ReadAllText($"/proc/{Id}/stat").Split(") ")[^1].StartsWith('T');

    /// <summary>The names of the files that are mapped into its memory, such as the libraries that it has loaded (Linux).</summary>
    public IReadOnlySet<string> MappedFiles => File.ReadLines($"/proc/{Id}/maps").Select(Path.GetFileName).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it ended with. Throws <see cref="InvalidOperationException"/> while it runs.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it has written so far to its output and its error output; complete once a wait for its end has returned.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a program with this process's environment and the variables given; null takes a variable away.</summary>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.Start();
        AtExit.Kill(child._process);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end, which takes two minutes at most.</summary>
    /// <exception cref="TimeoutException">It took longer. It was killed; the message has what it wrote.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Start(file, arguments, environment);
        await process.WaitForExitAsync(RunLimit);
        return (process.ExitCode, process.Output);
    }

    /// <summary>As <see cref="RunAsync"/>, for what must not fail.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message has what it wrote.</exception>
    public static async Task MustRunAsync(string file, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(file, arguments);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} failed with {exitCode}: {output}");
        }
    }

    /// <summary>Asks it to end (SIGTERM), also when it is suspended, and waits until it has.</summary>
    public async Task TerminateAsync(TimeSpan limit)
    {
        if (!HasExited)
        {
            Signals.Send(Id, Signals.Continue);
            Signals.Send(Id, Signals.Terminate);
        }

        await WaitForExitAsync(limit);
    }

    /// <summary>Asks it to end (SIGTERM) and returns at once.</summary>
    public void Terminate() => Signals.Send(Id, Signals.Terminate);

    /// <summary>Freezes it (SIGSTOP): its connections stay open and nobody answers. Returns when it has stopped.</summary>
    public void Suspend()
    {
        Signals.Send(Id, Signals.Stop);
        if (!SpinWait.SpinUntil(() => Signals.HasStopped(Id), SuspendLimit))
        {
            throw new TimeoutException($"Process {Id} did not stop within {SuspendLimit.TotalSeconds} s.");
        }
    }

    /// <summary>Lets it go on after <see cref="Suspend"/> (SIGCONT).</summary>
    public void Resume() => Signals.Send(Id, Signals.Continue);

    /// <summary>As <see cref="Suspend"/>, with the processes that it has started (Linux).</summary>
    public void SuspendAll()
    {
        Suspend();
        foreach (var child in Children())
        {
            Signals.Send(child, Signals.Stop);
        }
    }

    /// <summary>As <see cref="Resume"/>, with the processes that it has started (Linux).</summary>
    public void ResumeAll()
    {
        foreach (var child in Children())
        {
            Signals.Send(child, Signals.Continue);
        }

        Resume();
    }

    /// <summary>SIGHUP: servers read their configuration again.</summary>
    public void HangUp() => Signals.Send(Id, Signals.HangUp);

    /// <summary>Returns when it has ended.</summary>
    /// <exception cref="TimeoutException">It has not, within the limit; the message has what it wrote.</exception>
    public async Task WaitForExitAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Process {Id} did not end within {limit.TotalSeconds} s. It wrote: {Output}");
        }
    }

    /// <summary>Ends it at once (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Kills it if it still runs.</summary>
    public void Dispose()
    {
        AtExit.Forget(_process);
        if (!HasExited)
        {
            _process.Kill();

            // Without a limit it would wait for the end of its output too, which a child of its own may go on with.
            _process.WaitForExit(KillLimit);
        }

        _process.Dispose();
    }

    private int[] Children() =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == Id),
    ];

    // The fourth field; the second is the program's name, which may hold anything.
    private static int ParentOf(int id)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
        {
            _output.AppendLine(e.Data);
        }
    }
}
