using DbUp;
using DbUp.Engine;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Migrates a SQLite file.</summary>
public sealed class SqliteMigrator(SqliteDatabase database) : IMigrator
{
    // The journal of every database knows its scripts by these names.
    private const string Scripts = "Tickets.Handlers.Storage.Scripts.";

    /// <inheritdoc/>
    /// <exception cref="DatabaseInUseException">Another process has the file.</exception>
    public Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            Migrate();
            return Task.CompletedTask;
        }
        catch (Exception e) when (SqliteFaults.IsAway(e))
        {
            throw new DatabaseAwayException(database.Description, e.GetBaseException());
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Known => [.. typeof(SqliteMigrator).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Scripts, StringComparison.Ordinal))];

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellation)
    {
        var engine = Engine("ReadOnly");
        var scripts = File.Exists(database.Path) ? engine.GetScriptsToExecute() : engine.GetDiscoveredScripts();
        return Task.FromResult<IReadOnlyList<string>>([.. scripts.Select(script => script.Name)]);
    }

    private void Migrate()
    {
        // Takes the file and sets its mode before anything is written to it.
        using var writer = database.OpenWriter();
        var result = Engine("ReadWrite").PerformUpgrade();
        if (!result.Successful)
        {
            throw new MigrationException(result.ErrorScript?.Name ?? "the journal", result.Error);
        }
    }

    private UpgradeEngine Engine(string mode) => DeployChanges.To
        .SqliteDatabase($"Data Source={database.Path};Mode={mode};Pooling=false")
        .WithScriptsEmbeddedInAssembly(typeof(SqliteMigrator).Assembly, name => name.StartsWith(Scripts, StringComparison.Ordinal))
        .WithTransactionPerScript()
        .LogToNowhere()
        .Build();
}
