using Tickets.Handlers.Storage;

namespace Tickets.Api.Lifecycle;

/// <summary>
/// Takes the hosted services that need NATS and the database out of the host's start, which would end with the first of them
/// that fails, and before HTTP is served.
/// </summary>
internal static class DeferredServices
{
    /// <summary>The key of those that <see cref="ServiceStart"/> starts.</summary>
    public const string Key = "deferred";

    /// <summary>Defers all hosted services that were added so far. What is added later starts with the host.</summary>
    public static void DeferHostedServices(this IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && !service.IsKeyedService).ToArray())
        {
            services.Remove(service);
            services.Add(service.ImplementationFactory is { } make
                ? ServiceDescriptor.KeyedSingleton(typeof(IHostedService), Key, (provider, _) => make(provider))
                : ServiceDescriptor.KeyedSingleton(typeof(IHostedService), Key, service.ImplementationType!));
        }

        services.AddSingleton<StartSignal>().AddHostedService(provider => provider.GetRequiredService<ServiceStart>());
    }
}
