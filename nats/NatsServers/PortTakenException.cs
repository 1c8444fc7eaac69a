namespace NatsServers;

/// <summary>The server ended at its start because another process listens on one of its ports.</summary>
internal sealed class PortTakenException(string name, string log) : Exception($"A port of {name} is in use: {log}");
