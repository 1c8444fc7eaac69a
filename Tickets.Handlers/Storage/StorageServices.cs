using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tickets.Handlers.Storage.Messages;
using Wolverine.Persistence.Durability;

namespace Tickets.Handlers.Storage;

/// <summary>Registers the embedded storage.</summary>
public static class StorageServices
{
    /// <summary>Adds the database, its writer, the ledger, and Wolverine's message store on them.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The SQLite file.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(_ => new SqliteDatabase(path))
            .AddSingleton<Migrator>()
            .AddSingleton<GroupCommitter>()
            .AddSingleton<Ledger>()
            .AddSingleton<IMessageStore, SqliteMessageStore>();
    }
}
