using System.Diagnostics;

namespace NatsServers;

/// <summary>The nats-server that tests start: the first one on the path.</summary>
public static class InstalledServer
{
    private static readonly Lazy<Version> Asked = new(Ask);

    /// <summary>Its version, without a pre-release tag.</summary>
    public static Version Version => Asked.Value;

    private static Version Ask()
    {
        using var process = Process.Start(new ProcessStartInfo("nats-server", "--version") { RedirectStandardOutput = true })!;
        var told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version.Parse(told[(told.IndexOf(": v", StringComparison.Ordinal) + 3)..].Split('-')[0].Trim());
    }
}
