using System.Runtime.InteropServices;

namespace NatsServers;

/// <summary>Sends POSIX signals to processes of the test's own.</summary>
internal static partial class Signals
{
    public const int HangUp = 1;
    public const int Terminate = 15;

    // Linux and macOS number these differently.
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;

    private const int OneProcess = 1;
    private const int DoNotBlock = 1;
    private static readonly int Stopped = OperatingSystem.IsMacOS() ? 8 : 2;
    private static readonly int LeaveAsItIs = OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} to process {processId} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Whether <see cref="Stop"/> has reached all threads of a child; they run on for a moment after it was sent.</summary>
    public static bool HasStopped(int processId)
    {
        // A siginfo_t; its first number stays 0 while the child runs.
        Span<int> information = stackalloc int[32];
        return WaitId(OneProcess, processId, ref information[0], Stopped | DoNotBlock | LeaveAsItIs) == 0 && information[0] != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "waitid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitId(int kind, int processId, ref int information, int options);
}
