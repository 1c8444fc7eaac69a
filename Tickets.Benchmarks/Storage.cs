using NatsServers;

namespace Tickets.Benchmarks;

/// <summary>Gives every measurement an empty database of its own.</summary>
/// <param name="server">PostgreSQL; null for SQLite.</param>
internal sealed class Storage(PostgreSqlServer? server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    /// <summary>Whether several processes may use it.</summary>
    public bool IsShared => server is not null;

    public override string ToString() => server is null ? "SQLite" : "PostgreSQL";

    /// <summary>The service's <c>DATABASE_URL</c>.</summary>
    public async Task<string> UrlAsync() => server is null ? $"sqlite:{NextFile()}" : server.UrlOf(await server.CreateDatabaseAsync());

    /// <summary>What the driver is given: a file, or a connection string.</summary>
    public async Task<string> BareAsync() => server is null ? NextFile() : server.ConnectionStringOf(await server.CreateDatabaseAsync());

    public void Dispose() => _folder.Dispose();

    private string NextFile() => _folder.File($"{_files++}.db");
}
