using System.Data.Common;

namespace Tickets.Handlers.Storage;

/// <summary>Where tickets are stored: a SQLite file, or PostgreSQL.</summary>
public abstract class Database : IDisposable
{
    static Database() => ColumnTypes.Register();

    /// <summary>The database as people are told of it, without secrets.</summary>
    public abstract string Description { get; }

    /// <summary>A connection for queries, which sees the rows of one tenant. It must not write.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public abstract ValueTask<DbConnection> OpenReaderAsync(string tenant, CancellationToken cancellation);

    /// <summary>
    /// As <see cref="OpenReaderAsync"/>, for pages of rows: where connections are few, what takes long must not keep handlers and health from
    /// looking up a row.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public virtual ValueTask<DbConnection> OpenPageReaderAsync(string tenant, CancellationToken cancellation) => OpenReaderAsync(tenant, cancellation);

    /// <summary>A connection for the upkeep of all tenants' rows.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public abstract ValueTask<DbConnection> OpenUpkeepReaderAsync(CancellationToken cancellation);

    /// <summary>
    /// Whether this process is the one that looks after all tenants' rows. Of those that share a database it is one at a time, until it
    /// ends or its session does. For one caller at a time.
    /// </summary>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public abstract Task<bool> TakeUpkeepAsync(CancellationToken cancellation);

    /// <summary>A connection with the rights of the login itself, for what the service must not do: its owner's own work.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DbException">The database can't be reached, or is not there yet.</exception>
    public abstract ValueTask<DbConnection> OpenOwnerAsync(CancellationToken cancellation);

    /// <summary>Why it can't be used at present; null when it can.</summary>
    public abstract Task<string?> FaultAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What commits the groups of one writer.</summary>
    internal abstract IGroupTransaction OpenGroup();

    /// <summary>Closes the connections.</summary>
    protected abstract void Dispose(bool disposing);
}
