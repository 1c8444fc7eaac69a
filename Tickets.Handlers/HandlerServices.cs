using Microsoft.Extensions.DependencyInjection;
using Tickets.Handlers.Access;
using Tickets.Handlers.Notifications;
using Tickets.Handlers.Records;
using Tickets.Handlers.Records.Search;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Handlers;

/// <summary>Registers what the handlers need.</summary>
public static class HandlerServices
{
    /// <summary>Adds storage, queries, committers and notification channels.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="storage">The database.</param>
    /// <param name="notifications">Who is told what, and how.</param>
    /// <param name="retention">How long things are kept.</param>
    public static IServiceCollection AddTicketHandlers(
        this IServiceCollection services, StorageTarget storage, NotificationOptions notifications, RetentionOptions retention) => services
        .AddStorage(storage)
        .AddSingleton<MessageCommitter>()
        .AddSingleton<DatabaseSecret>()
        .AddSingleton<ReplaySeals>()
        .AddSingleton<CommandCommitter>()
        .AddSingleton<CommandWithdrawal>()
        .AddSingleton<CommandFailures>()
        .AddSingleton<TicketTurns>()
        .AddSingleton<TicketQueries>()
        .AddSingleton<TicketSearches>()
        .AddSingleton<CommentQueries>()
        .AddSingleton<AuditQueries>()
        .AddSingleton<AuditArchive>()
        .AddSingleton<ApiKeys>()
        .AddSingleton<ApiKeyRing>()
        .AddNotifications(notifications)
        .AddSingleton(retention)
        .AddSingleton<RetentionLimits>()
        .AddSingleton<Pruning>();

    /// <summary>Gives every unit a transaction of its own, and every message a place of its own in the outbox.</summary>
    /// <param name="services">What <see cref="AddTicketHandlers"/> was called for.</param>
    public static IServiceCollection WorkOneByOne(this IServiceCollection services) => services
        .CommitOneByOne()
        .AddSingleton(provider => new MessageCommitter(
            provider.GetRequiredService<GroupCommitter>(), provider.GetRequiredService<IOutgoingMessages>(), bundles: false));

    private static IServiceCollection AddNotifications(this IServiceCollection services, NotificationOptions options)
    {
        services
            .AddSingleton(options)
            .AddSingleton<NotificationRules>()
            .AddSingleton<NotificationSlots>()
            .AddSingleton<NotificationQueries>()
            .AddSingleton<NotificationDelivery>()
            .AddSingleton(_ => new NotificationTemplates(options.TemplateFolder))
            .AddSingleton<INotificationChannel, LogChannel>();
        if (options.Webhook is { } webhook)
        {
            services.AddSingleton<INotificationChannel>(provider => new WebhookChannel(
                webhook, provider.GetRequiredService<NotificationTemplates>(), provider.GetRequiredService<TimeProvider>()));
        }

        if (options.Smtp is { } smtp)
        {
            services.AddSingleton<INotificationChannel>(provider => new SmtpChannel(smtp, provider.GetRequiredService<NotificationTemplates>()));
        }

        return services;
    }
}
