using JasperFx.CommandLine;
using Tickets.Api.Access;
using Tickets.Api.Admission;
using Tickets.Api.Cluster;
using Tickets.Api.Commands;
using Tickets.Api.DeadLetters;
using Tickets.Api.Description;
using Tickets.Api.Diagnostics;
using Tickets.Api.Events;
using Tickets.Api.Explaining;
using Tickets.Api.NatsApi;
using Tickets.Api.Routes;
using Tickets.Handlers;
using Tickets.Handlers.Retention;
using Tickets.Handlers.Storage;
using Wolverine;

namespace Tickets.Api.Composition;

/// <summary>The parts of the service, as its settings ask for them.</summary>
internal static class Parts
{
    /// <summary>What decides and stores.</summary>
    public static void AddDecisions(this IServiceCollection services, ServiceOptions options)
    {
        services.AddSingleton(new OutboxLimit(options.Capacity.Outbox));
        services.AddTicketHandlers(options.Storage, options.Notifications, options.Retention);
        if (options.StockDesign is not StockDesign.Off)
        {
            services.WorkOneByOne();
        }
    }

    /// <summary>What travels, and what is asked by messages. Its hosted services start in this order.</summary>
    public static void AddMessages(this IServiceCollection services, ServiceOptions options)
    {
        // Its search for extensions would load every library of the folder, used or not.
        services.AddWolverine(ExtensionDiscovery.ManualOnly, wolverine => wolverine.AddMessaging(options));
        services.AddHostedService<HandlerWarmUp>();
        if (options.Does(ServiceRole.Commands))
        {
            // Behind Wolverine: it asks NATS at once.
            services.AddHostedService<RetentionService>();
        }

        services.AddCommands();
        services.AddDeadLetters();
        if (options.Does(ServiceRole.Api))
        {
            services.AddEventFeed();
            services.AddNatsApi();
        }
    }

    /// <summary>What is asked over HTTP, by whom, and how much at once.</summary>
    public static void AddRequests(this IServiceCollection services, ServiceOptions options)
    {
        services.AddHttpApi();
        services.AddAccess(options.Access);
        services.AddAdmission(options);
        services.AddHealth();
        if (options.Does(ServiceRole.Api))
        {
            services.AddApiDescription();
        }
    }

    /// <summary>What operators look at.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">The settings.</param>
    /// <param name="serves">False for a word of the command line.</param>
    public static void AddOperation(this IServiceCollection services, ServiceOptions options, bool serves)
    {
        services.AddDiagnostics();
        services.AddExplaining();
        services.AddCluster(serves);
        services.AddServiceMetrics(options);
        services.AddServiceTracing();

        // Says that packages have nothing to add to the services; else their search for commands is told line by line.
        new CommandFactory().ApplyExtensions(services);
    }
}
