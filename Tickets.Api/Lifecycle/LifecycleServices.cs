using Tickets.Api.Composition;

namespace Tickets.Api.Lifecycle;

/// <summary>Registers what starts and stops the service.</summary>
internal static class LifecycleServices
{
    /// <summary>Has all hosted services that were added so far start when NATS and the database are there.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">The settings.</param>
    /// <param name="serves">False for a word of the command line: what that starts must be there when it goes on.</param>
    public static IServiceCollection AddLifecycle(this IServiceCollection services, ServiceOptions options, bool serves)
    {
        if (serves)
        {
            services.DeferHostedServices();

            // The host would end without a word and with 0; ServiceStart looks after all of them.
            services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        }

        return services
            .AddSingleton<ServiceStart>()
            .AddSingleton<Prerequisites>()
            .AddSingleton<StopLimit>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
    }
}
