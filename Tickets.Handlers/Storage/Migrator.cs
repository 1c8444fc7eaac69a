using DbUp;
using DbUp.Engine;

namespace Tickets.Handlers.Storage;

/// <summary>Brings a database to the version of the program. Each script is one transaction, so a crash can be run again.</summary>
public sealed class Migrator(SqliteDatabase database)
{
    /// <summary>Runs the scripts that this database has not seen.</summary>
    /// <exception cref="MigrationException">A script failed; the ones before it stay applied.</exception>
    /// <exception cref="DatabaseInUseException">Another process has the file.</exception>
    public void Migrate()
    {
        // Takes the file and sets its mode before anything is written to it.
        using var writer = database.OpenWriter();
        var result = Engine("ReadWrite").PerformUpgrade();
        if (!result.Successful)
        {
            throw new MigrationException(result.ErrorScript?.Name ?? "the journal", result.Error);
        }
    }

    /// <summary>The scripts that this database has not seen, by name. Changes nothing.</summary>
    public IReadOnlyList<string> Pending()
    {
        var engine = Engine("ReadOnly");
        var scripts = File.Exists(database.Path) ? engine.GetScriptsToExecute() : engine.GetDiscoveredScripts();
        return [.. scripts.Select(script => script.Name)];
    }

    private UpgradeEngine Engine(string mode) => DeployChanges.To
        .SqliteDatabase($"Data Source={database.Path};Mode={mode};Pooling=false")
        .WithScriptsEmbeddedInAssembly(typeof(Migrator).Assembly)
        .WithTransactionPerScript()
        .LogToNowhere()
        .Build();
}
