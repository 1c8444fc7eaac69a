using JasperFx.CodeGeneration;
using Tickets.Api.Composition;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Nats.Configuration;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>What the service consists of, as it is configured. Nothing outside the process is asked.</summary>
internal sealed class ServiceDescription(IWolverineRuntime runtime, IServiceProvider services)
{
    private static readonly Type[] Published = [.. WireNames.Verbs.Keys, .. WireNames.Events.Keys, typeof(CommandOutcome)];
    private readonly NatsTransport _nats = runtime.Options.NatsTransport();

    public async Task<object> ReadAsync()
    {
        await _nats.InitializeEndpointsAsync(runtime);
        var endpoints = _nats.Endpoints().OfType<NatsEndpoint>().OrderBy(endpoint => endpoint.Subject, StringComparer.Ordinal).ToArray();
        var options = services.GetRequiredService<ServiceOptions>();
        return new
        {
            Service = options.ServiceName,
            Version = typeof(ServiceDescription).Assembly.GetName().Version?.ToString(),
            Role = options.Role.ToString(),
            Nats = _nats.DescribeEndpoint(),
            Database = services.GetRequiredService<Database>().Description,
            Listeners = endpoints.Where(endpoint => endpoint.IsListener).Select(ListenerOf),
            Publishing = endpoints.SelectMany(PublishingOf),
            Handlers = Handlers(),
            Streams = _nats.Configuration.Streams.Values.Select(StreamOf),
        };
    }

    private static object ListenerOf(NatsEndpoint endpoint) => new
    {
        Uri = endpoint.Uri.ToString(),
        endpoint.Subject,
        Stream = endpoint.StreamName,
        Consumer = endpoint.ConsumerName,
        Mode = endpoint.Mode.ToString(),
        Parallelism = endpoint.MaxDegreeOfParallelism,
    };

    private static IEnumerable<object> PublishingOf(NatsEndpoint endpoint) => Published.Where(message => endpoint.Subscriptions.Any(published => published.Matches(message))).Select(message => new
    {
        Message = message.FullName,
        Uri = endpoint.Uri.ToString(),
        Subject = WireNames.Events.GetValueOrDefault(message) ?? (WireNames.Verbs.TryGetValue(message, out var verb) ? Subjects.Command("{tenant}", verb) : null),
        Stream = endpoint.StreamName,
        Mode = endpoint.Mode.ToString(),
    });

    private IEnumerable<object> Handlers() => services.GetServices<ICodeFileCollection>()
        .SelectMany(collection => collection.BuildFiles())
        .OfType<HandlerChain>()
        .OrderBy(chain => chain.MessageType.FullName, StringComparer.Ordinal)
        .Select(chain => new { Message = chain.MessageType.FullName, Handlers = chain.Handlers.Select(call => $"{call.HandlerType.FullName}.{call.Method.Name}") });

    private static object StreamOf(StreamConfiguration stream) => new
    {
        stream.Name,
        stream.Subjects,
        Retention = stream.Retention.ToString(),
        Discard = stream.DiscardPolicy.ToString(),
        stream.MaxAge,
        stream.MaxMessageSize,
        stream.Replicas,
        stream.ReplicasInCluster,
    };
}
