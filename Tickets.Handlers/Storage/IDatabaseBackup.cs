namespace Tickets.Handlers.Storage;

/// <summary>Copies a whole database into a file while it is in use, and brings it back while it is not.</summary>
public interface IDatabaseBackup
{
    /// <summary>Which kind of database: only the same kind can take its copy.</summary>
    string Kind { get; }

    /// <summary>Makes a copy, consistent as of some moment after the call. Whoever uses the database goes on.</summary>
    /// <param name="file">Where the copy is put. It has nothing but what was committed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BackupException">It can't be made.</exception>
    Task CopyAsync(string file, CancellationToken cancellation);

    /// <summary>The newest script that the database has seen; null when it has seen none.</summary>
    Task<string?> NewestScriptAsync(CancellationToken cancellation);

    /// <summary>
    /// The id of the oldest message in the outbox; null when it is empty. Ids there are of version 7 (RFC 9562): they begin with the time
    /// of the change, which may be long before it was committed.
    /// </summary>
    Task<Guid?> OldestOutgoingAsync(CancellationToken cancellation);

    /// <summary>Who uses the database now, in words; null when nobody does.</summary>
    Task<string?> UserAsync(CancellationToken cancellation);

    /// <summary>Whether any of these tables has rows. One that isn't there has none.</summary>
    Task<bool> HasRowsAsync(IReadOnlyList<string> tables, CancellationToken cancellation);

    /// <summary>
    /// Puts a copy in the place of the database. When it fails, the database is as it was: at once, or when it is next migrated or restored, if the
    /// server is away or this process is killed.
    /// </summary>
    /// <param name="copy">What <see cref="CopyAsync"/> has made.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Where the database is that was there before; null when it is gone.</returns>
    /// <exception cref="BackupException">It can't be restored.</exception>
    Task<string?> RestoreAsync(Stream copy, CancellationToken cancellation);
}
