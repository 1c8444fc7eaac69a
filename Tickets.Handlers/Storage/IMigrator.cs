namespace Tickets.Handlers.Storage;

/// <summary>Brings a database to the version of the program. Each script is one transaction, so a crash can be run again.</summary>
public interface IMigrator
{
    /// <summary>The scripts that this program has, by name.</summary>
    IReadOnlyList<string> Known { get; }

    /// <summary>Runs the scripts that the database has not seen.</summary>
    /// <exception cref="MigrationException">A script failed; the ones before it stay applied.</exception>
    /// <exception cref="DatabaseAwayException">The database can't be used now; it may be run again.</exception>
    Task MigrateAsync(CancellationToken cancellation);

    /// <summary>The scripts that the database has not seen, by name. Changes nothing.</summary>
    Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellation);
}
