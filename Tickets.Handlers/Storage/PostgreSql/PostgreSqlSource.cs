using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>
/// Where connections come from. Of several hosts it is the one that takes writes, for what reads too: a standby may be behind. Which
/// one that is may change while the service runs: what a host has said of itself holds for ten seconds.
/// </summary>
internal sealed class PostgreSqlSource : IDisposable
{
    private readonly NpgsqlDataSource _hosts;

    /// <param name="login">The login, and what its sessions begin with.</param>
    public PostgreSqlSource(NpgsqlConnectionStringBuilder login)
    {
        var builder = new NpgsqlDataSourceBuilder(login.ConnectionString);
        if (!login.Host!.Contains(',', StringComparison.Ordinal))
        {
            _hosts = Connections = builder.Build();
            return;
        }

        var hosts = builder.BuildMultiHost();
        (_hosts, Connections) = (hosts, hosts.WithTargetSession(TargetSessionAttributes.ReadWrite));
    }

    /// <summary>The connections.</summary>
    public NpgsqlDataSource Connections { get; }

    public void Dispose() => _hosts.Dispose();
}
