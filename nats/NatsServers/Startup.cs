namespace NatsServers;

/// <summary>How a nats-server tells that it is up, or why it is not.</summary>
internal static class Startup
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the server listens on all its ports.</summary>
    /// <param name="process">The server.</param>
    /// <param name="name">Its name, for the message of a fault.</param>
    /// <param name="folder">Its <c>ports_file_dir</c>: a file of the process's own appears there when it listens.</param>
    public static async Task ListensAsync(ChildProcess process, string name, string folder)
    {
        var ports = Path.Combine(folder, $"nats-server_{process.Id}.ports");
        await Eventually.Async(() => process.HasExited || File.Exists(ports), Limit, $"{name} accepts connections");
        if (!process.HasExited)
        {
            return;
        }

        await process.WaitForExitAsync(Limit);
        throw process.Output.Contains("address already in use", StringComparison.Ordinal)
            ? new PortTakenException(name, process.Output)
            : new InvalidOperationException($"{name} ended: {process.Output}");
    }
}
