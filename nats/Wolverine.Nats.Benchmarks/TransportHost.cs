using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NatsServers;

namespace Wolverine.Nats.Benchmarks;

/// <summary>A Wolverine application without storage, quiet.</summary>
internal static class TransportHost
{
    public static Task<IHost> StartAsync(NatsServer server, Action<WolverineOptions> configure) => Host.CreateDefaultBuilder()
        .ConfigureLogging(logging => logging.ClearProviders())
        .UseWolverine(options =>
        {
            options.Durability.Mode = DurabilityMode.Solo;
            options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(SampleHandler));
            options.UseNats(server.Url).DefineStream(Sample.Stream, stream => stream.WithSubjects(Sample.Subject));
            configure(options);
        })
        .StartAsync();

    public static IMessageBus Bus(this IHost host) => host.Services.GetRequiredService<IMessageBus>();
}
