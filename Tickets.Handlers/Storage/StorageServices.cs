using JasperFx;
using JasperFx.CommandLine.Descriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Handlers.Storage.Sqlite;
using Tickets.Handlers.Storage.Sqlite.Messages;
using Wolverine;
using Wolverine.Persistence.Durability;
using Wolverine.Postgresql;

namespace Tickets.Handlers.Storage;

/// <summary>Registers a storage: the database, its writers, the ledger, and Wolverine's message store.</summary>
public static class StorageServices
{
    /// <summary>Adds a storage.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="target">Which one.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageTarget target)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new OutboxLimit(OutboxLimit.Preset));
        services.AddSingleton<OutboxDepth>().AddHostedService(provider => provider.GetRequiredService<OutboxDepth>());
        services.AddSingleton<GroupCommitter>().AddSingleton<PatientReading>().AddSingleton<Ledger>().AddSingleton<ConfirmedMessages>();
        return target is StorageTarget.PostgreSql postgreSql
            ? services.AddPostgreSql(postgreSql.ConnectionString)
            : services.AddSqlite(((StorageTarget.Sqlite)target).File);
    }

    /// <summary>Gives every unit a transaction of its own.</summary>
    /// <param name="services">What <see cref="AddStorage"/> was called for.</param>
    public static IServiceCollection CommitOneByOne(this IServiceCollection services) => services.AddSingleton(provider => new GroupCommitter(
        provider.GetRequiredService<Database>(), provider.GetRequiredService<ILogger<GroupCommitter>>(), largestGroup: 1));

    /// <summary>Has Wolverine keep its messages in the same storage, and know its other nodes by it.</summary>
    /// <param name="wolverine">The options of the host that <see cref="AddStorage"/> is called for.</param>
    /// <param name="target">The same storage.</param>
    public static void UseStorage(this WolverineOptions wolverine, StorageTarget target)
    {
        // The migrator makes the tables, under a lock, before the host starts.
        wolverine.AutoBuildMessageStorageOnStartup = AutoCreate.None;
        wolverine.Durability.OutboxStaleTime = TimeSpan.FromMinutes(1);
        if (target is not StorageTarget.PostgreSql postgreSql)
        {
            wolverine.Durability.Mode = DurabilityMode.Solo;
            return;
        }

        wolverine.PersistMessagesWithPostgresql(PostgreSqlDatabase.SourceOfMessages(postgreSql.ConnectionString), PostgreSqlDatabase.MessageSchema);
        wolverine.Durability.Mode = DurabilityMode.Balanced;

        // What a process had to send when it died is sent by another within half a minute.
        wolverine.Durability.HealthCheckPollingTime = TimeSpan.FromSeconds(2);
        wolverine.Durability.StaleNodeTimeout = TimeSpan.FromSeconds(12);
        wolverine.Durability.CheckAssignmentPeriod = TimeSpan.FromSeconds(5);
        wolverine.Durability.OrphanedMessageSweepPollingTime = TimeSpan.FromSeconds(3);

        // It would count the outbox every 5 s, through all pages of it: those of what was deleted since the last vacuum too, 80 ms each time at
        // 5,000 commands a second. OutboxDepth tells how much waits.
        wolverine.Durability.DurabilityMetricsEnabled = false;

        // One page of what waits in the outbox is taken up at each poll. Wolverine holds up to twenty of them in memory when they
        // are sent more slowly than that.
        wolverine.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(250);
        wolverine.Durability.RecoveryBatchSize = 1000;
    }

    private static IServiceCollection AddSqlite(this IServiceCollection services, string file) => services
        .AddSingleton(_ => new SqliteDatabase(file))
        .AddSingleton<Database>(provider => provider.GetRequiredService<SqliteDatabase>())
        .AddSingleton<IMigrator, SqliteMigrator>()
        .AddSingleton<IDatabaseBackup, SqliteBackup>()
        .AddSingleton<IOutgoingMessages, SqliteOutgoingMessages>()
        .AddSingleton<IDatabaseExamination, SqliteExamination>()
        .AddSingleton<IMessageStore, SqliteMessageStore>();

    private static IServiceCollection AddPostgreSql(this IServiceCollection services, string connectionString) => services
        .AddSingleton(_ => new PostgreSqlDatabase(connectionString))
        .AddSingleton<Database>(provider => provider.GetRequiredService<PostgreSqlDatabase>())
        .AddSingleton(provider => new Lazy<IMessageStore>(provider.GetRequiredService<IMessageStore>))
        .AddSingleton<IMigrator, PostgreSqlMigrator>()
        .AddSingleton<IDatabaseBackup, PostgreSqlBackup>()
        .AddSingleton<ISystemPart, PostgreSqlPart>()
        .AddSingleton<IDatabaseExamination, PostgreSqlExamination>()
        .AddSingleton<IOutgoingMessages, PostgreSqlOutgoingMessages>();
}
