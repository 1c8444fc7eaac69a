using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NatsServers;

/// <summary>Puts away what still is there when this process ends: the programs that it has started, then the folders that it has made.</summary>
/// <remarks>
/// Told to end (SIGTERM, SIGHUP) it does so too, and ends with the exit code that a shell tells of the signal: since .NET 10 a process that
/// does not ask for these signals ends without <see cref="AppDomain.ProcessExit"/>.
/// </remarks>
internal static class AtExit
{
    private const int Terminated = 128 + 15;
    private const int HungUp = 128 + 1;
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<Process, bool> Processes = new();
    private static readonly ConcurrentDictionary<string, bool> Folders = new();

    private static readonly PosixSignalRegistration[] Endings = [EndingBy(PosixSignal.SIGTERM, Terminated), EndingBy(PosixSignal.SIGHUP, HungUp)];

    static AtExit() => AppDomain.CurrentDomain.ProcessExit += (_, _) => PutAway();

    /// <summary>From now on it is killed.</summary>
    public static void Kill(Process process) => Processes[process] = true;

    /// <summary>It is somebody else's again.</summary>
    public static void Forget(Process process) => Processes.TryRemove(process, out _);

    /// <summary>From now on it is deleted.</summary>
    public static void Delete(string folder) => Folders[folder] = true;

    /// <summary>It is somebody else's again.</summary>
    public static void Forget(string folder) => Folders.TryRemove(folder, out _);

    private static PosixSignalRegistration EndingBy(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, _ => Environment.Exit(exitCode));

    private static void PutAway()
    {
        Array.ForEach(Endings, ending => ending.Dispose());
        foreach (var process in Processes.Keys)
        {
            Try(process.Kill);
        }

        foreach (var process in Processes.Keys)
        {
            Try(() => process.WaitForExit(KillLimit));
        }

        foreach (var folder in Folders.Keys)
        {
            Try(() => Directory.Delete(folder, recursive: true));
        }
    }

    // What can't be put away keeps nothing else from it: nobody is left to be told.
    private static void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or IOException or UnauthorizedAccessException)
        {
        }
    }
}
