using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Diagnostics;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Real Wolverine applications that log nothing and handle only what they are given.</summary>
public static class QuietHost
{
    public static Task<IHost> StartAsync(string url, Action<WolverineOptions, NatsTransportExpression> configure, params Type[] handlers) =>
        Host.CreateDefaultBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseWolverine(options =>
            {
                options.ServiceName = "test";
                options.Durability.Mode = DurabilityMode.Solo;
                options.Policies.DisableConventionalLocalRouting();
                options.Discovery.DisableConventionalDiscovery();
                foreach (var handler in handlers)
                {
                    options.Discovery.IncludeType(handler);
                }

                var nats = options.UseNats(url).ConfigureTimeouts(connectTimeout: TimeSpan.FromSeconds(2), requestTimeout: TimeSpan.FromSeconds(3));
                configure(options, nats);
            })
            .StartAsync();

    public static IMessageBus Bus(this IHost host) => host.Services.GetRequiredService<IMessageBus>();

    public static NatsTransport Nats(this IHost host) => host.Runtime().Options.NatsTransport();

    public static IWolverineRuntime Runtime(this IHost host) => host.Services.GetRequiredService<IWolverineRuntime>();

    /// <summary>The one that receives what is to be handled.</summary>
    public static IListeningAgent Listener(this IHost host) =>
        host.Runtime().Endpoints.ActiveListeners().Single(listener => listener.Endpoint is NatsEndpoint { ListensToJetStream: true });

    public static async Task<HealthCheckResult> HealthAsync(this IHost host) => await new NatsHealthCheck(host.Runtime()).CheckHealthAsync(
        new HealthCheckContext { Registration = new HealthCheckRegistration("nats", _ => null!, HealthStatus.Unhealthy, []) });

    public static async Task<bool> IsHealthyAsync(this IHost host) => (await host.HealthAsync()).Status == HealthStatus.Healthy;

    /// <summary>From here on nothing is made again. A listener that has not begun to receive could be making its consumer, so that is waited for.</summary>
    public static async Task ForbidProvisioningAsync(this IHost host)
    {
        await Eventually.Async(
            () => host.Nats().Listeners.Keys.All(listener => listener.ReceiveLoopStatus == ReceiveLoopStatus.Running),
            TimeSpan.FromSeconds(10),
            "every listener receives");
        host.Nats().Configuration.AutoProvision = false;
    }
}
