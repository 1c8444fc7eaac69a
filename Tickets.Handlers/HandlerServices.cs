using Microsoft.Extensions.DependencyInjection;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Registers what the handlers need.</summary>
public static class HandlerServices
{
    /// <summary>Adds storage, queries, committers and notification channels.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="databasePath">The SQLite file.</param>
    public static IServiceCollection AddTicketHandlers(this IServiceCollection services, string databasePath) => services
        .AddSqliteStorage(databasePath)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<MessageCommitter>()
        .AddSingleton<CommandCommitter>()
        .AddSingleton<CommandWithdrawal>()
        .AddSingleton<CommandFailures>()
        .AddSingleton<TicketTurns>()
        .AddSingleton<TicketQueries>()
        .AddSingleton<TicketSearches>()
        .AddSingleton<CommentQueries>()
        .AddSingleton<AuditQueries>()
        .AddSingleton<NotificationRecords>()
        .AddSingleton<INotificationChannel, LogChannel>();
}
