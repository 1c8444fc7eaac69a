using System.Data;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>
/// Of the processes that share a database one has its upkeep, for as long as it holds an advisory lock. The lock goes with its session,
/// and so with a process that is killed.
/// </summary>
/// <param name="sessions">Sessions that are not pooled.</param>
internal sealed class PostgreSqlUpkeep(NpgsqlDataSource sessions) : IDisposable
{
    // Any number will do, as long as all versions of this program take the same.
    internal const long LockId = 7_246_190_331_520_482;

    private NpgsqlConnection? _session;

    /// <summary>Takes it unless another process has it. For one caller at a time.</summary>
    /// <returns>Whether this process has it.</returns>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task<bool> TakeAsync(CancellationToken cancellation)
    {
        if (_session is { } session && await LivesAsync(session, cancellation))
        {
            return true;
        }

        Dispose();
        var opened = await sessions.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockId})", opened);
            _session = await command.ExecuteScalarAsync(cancellation) is true ? opened : null;
            return _session is not null;
        }
        finally
        {
            if (_session is null)
            {
                await opened.DisposeAsync();
            }
        }
    }

    /// <summary>Leaves it to another process.</summary>
    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }

    /// <summary>Whether a session is there still, and with it the locks that it has taken.</summary>
    internal static async Task<bool> LivesAsync(NpgsqlConnection session, CancellationToken cancellation)
    {
        if (session.State != ConnectionState.Open)
        {
            return false;
        }

        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", session);
            await command.ExecuteNonQueryAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            // The server was restarted, or another one has taken its place: the lock was lost with the session.
            return false;
        }
    }
}
