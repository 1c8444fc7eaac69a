namespace NatsServers;

/// <summary>Where a server listens and keeps what it stores.</summary>
/// <param name="Address">The address it listens on. Default: loopback.</param>
/// <param name="Folder">The folder in which it makes one of its own. Default: the system's for temporary files.</param>
public sealed record ServerPlace(string Address = "127.0.0.1", string? Folder = null);
