using Microsoft.Extensions.DependencyInjection;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Benchmarks;

/// <summary>Finds the listener that is measured.</summary>
internal static class Listeners
{
    public static IListeningAgent FindListener(this IServiceProvider services) => services.GetRequiredService<IWolverineRuntime>()
        .Endpoints.ActiveListeners().Single(listener => listener.Uri == NatsEndpointUri.Subject(Sample.Subject));
}
