using Wolverine.Nats.Connection;
using Wolverine.Nats.Receiving;
using Wolverine.Nats.Sending;

namespace Wolverine.Nats.Provisioning;

/// <summary>What the application needs on a server: streams, consumers, and that its answers reach it.</summary>
internal sealed class Topology(NatsTransport transport, Declarations declared)
{
    public bool NeedsJetStream => transport.Configuration.EnableJetStream
        && (transport.Configuration.Streams.Count > 0 || transport.JetStreamListeners().Any());

    /// <summary>Connects, checks the server and makes or checks the streams.</summary>
    /// <exception cref="BrokerUnusableException">The server can't do what is needed.</exception>
    /// <exception cref="TopologyMismatchException">A stream is not as declared.</exception>
    public async Task EstablishAsync(NatsBroker broker, CancellationToken cancellation)
    {
        await broker.ConnectAsync(NeedsJetStream).WaitAsync(cancellation);
        broker.Granted = await UserPermissions.AskAsync(broker.Connection, cancellation);
        Require(broker.Granted, SubjectsSentTo(), []);
        if (NeedsJetStream)
        {
            await broker.Refusals.ExplainAsync(() => EstablishStreamsAsync(broker, cancellation));
        }
    }

    /// <summary>
    /// Checks that a listener may receive, where the server tells what it allows. Only when it is about to: who only makes
    /// streams and consumers, or looks at them, needs no right to take their messages.
    /// </summary>
    /// <exception cref="BrokerUnusableException">It may not.</exception>
    public static void RequireReceiving(ListenerSource source) => Require(
        source.Broker.Granted,
        source.Consumer?.SubjectsUsed(source.Broker.JetStream.Opts.Prefix) ?? [],
        source.Consumer is null ? [source.Filter] : []);

    /// <summary>Makes a stream that was deleted, when it is one of ours and we may.</summary>
    public async Task RestoreAsync(NatsBroker broker, string stream, CancellationToken cancellation)
    {
        if (declared.Streams().FirstOrDefault(candidate => candidate.Name == stream) is { } found)
        {
            await EstablishAsync(broker, found, cancellation);
        }
    }

    private async Task EstablishStreamsAsync(NatsBroker broker, CancellationToken cancellation)
    {
        // Requests arrive on the shared connection alone.
        if (await CapturedAsync(broker, broker == transport.Broker ? SubjectsOfAnswers() : [transport.ReplySubject!], cancellation) is { } captured)
        {
            throw new BrokerUnusableException($"The server can't be used so: {captured}.");
        }

        foreach (var stream in declared.Streams())
        {
            await EstablishAsync(broker, stream, cancellation);
        }
    }

    /// <summary>Where answers and requests arrive, by core NATS.</summary>
    public IEnumerable<string> SubjectsOfAnswers() =>
        [transport.ReplySubject ?? $"{transport.Configuration.InboxPrefix}.wolverine.*", .. transport.Configuration.RequestSubjects];

    /// <summary>Which stream captures one of these subjects, and what to do; null when none does.</summary>
    public static async Task<string?> CapturedAsync(NatsBroker broker, IEnumerable<string> subjects, CancellationToken cancellation)
    {
        foreach (var subject in subjects)
        {
            if (await broker.Streams.CapturingAsync(subject, cancellation) is { } stream)
            {
                return $"stream '{stream}' captures '{subject}', so its acks would be taken for answers; take that subject from it, or delete it";
            }
        }

        return null;
    }

    /// <summary>What the application uses on the shared connection and the user may not do, one line each.</summary>
    public IEnumerable<string> Missing(UserPermissions granted, NatsBroker broker)
    {
        var listeners = transport.Endpoints().OfType<NatsEndpoint>().Where(endpoint => endpoint.IsListener).ToArray();
        var letters = listeners.SelectMany(endpoint => declared.SourcesOf(endpoint, broker).Select(source => declared.DeadLettersOf(endpoint, source.Filter)?.Filter));
        var sources = listeners.SelectMany(endpoint => declared.SourcesOf(endpoint, broker)).ToArray();
        var api = broker.JetStream.Opts.Prefix;
        return granted.Missing(
            [
                .. SubjectsSentTo(),
                .. transport.Configuration.PublishedSubjects,
                .. letters.OfType<string>(),
                .. sources.SelectMany(source => source.Consumer?.SubjectsUsed(api) ?? []),
                .. NeedsJetStream ? declared.Streams().Select(stream => $"{api}.STREAM.INFO.{stream.Name}").Prepend($"{api}.STREAM.NAMES") : [],
            ],
            [
                .. sources.Where(source => source.Consumer is null).Select(source => source.Filter),
                .. transport.Configuration.RequestSubjects,
                $"{transport.Configuration.InboxPrefix}.>",
            ]).Distinct(StringComparer.Ordinal);
    }

    private IEnumerable<string> SubjectsSentTo() => transport.Endpoints().OfType<NatsEndpoint>()
        .Where(endpoint => endpoint.Subscriptions.Count > 0)
        .Select(endpoint => new SubjectRoute(endpoint).Fixed)
        .OfType<string>();

    private static void Require(UserPermissions? granted, IEnumerable<string> publish, IEnumerable<string> subscribe)
    {
        if (granted?.Missing(publish, subscribe).ToArray() is { Length: > 0 } missing)
        {
            throw new BrokerUnusableException($"The server forbids this user to {string.Join(", ", missing)}. Give it these permissions.");
        }
    }

    private async Task EstablishAsync(NatsBroker broker, StreamDeclaration stream, CancellationToken cancellation)
    {
        if (transport.Provisions)
        {
            await broker.Streams.ProvisionAsync(stream, cancellation);
        }
        else if (await broker.Streams.DifferencesAsync(stream, cancellation) is { Count: > 0 } differences)
        {
            throw new TopologyMismatchException(stream.Name, differences);
        }
    }
}
