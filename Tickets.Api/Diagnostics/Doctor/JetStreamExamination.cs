using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Api.Cluster;
using Tickets.Contracts;
using Tickets.Handlers.Storage;
using Wolverine.Nats;
using Wolverine.Runtime;

namespace Tickets.Api.Diagnostics.Doctor;

/// <summary>Looks at the server, its nodes, and how the streams and consumers fare.</summary>
internal sealed class JetStreamExamination(ClusterReader reader, IWolverineRuntime runtime) : IExamination
{
    private const int SmallestPayload = 1024 * 1024;
    private const double MuchStored = 0.8;
    private static readonly Version WithSyncInterval = new(2, 10);

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation)
    {
        INatsJSContext jetStream;
        try
        {
            jetStream = await runtime.Options.NatsTransport().OpenAsync("doctor");
        }
        catch (Exception e) when (e is NatsException or NatsConfigurationException)
        {
            // The server's own line tells already.
            return [];
        }

        await using var connection = jetStream.Connection;
        var state = await reader.ReadAsync(jetStream, cancellation);
        var deadLetters = await DeadLettersAsync(jetStream, state.Streams.Single(stream => stream.Name == Subjects.DeadLetterStream), cancellation);
        return [.. Server(connection.ServerInfo!), .. Cluster(state), .. deadLetters, .. state.Streams.SelectMany(Listeners)];
    }

    private static IEnumerable<Diagnosis> Server(INatsServerInfo server)
    {
        var version = Version.TryParse(server.Version.Split('-')[0], out var known) ? known : new Version(0, 0);
        yield return new Diagnosis(
            "what is acknowledged is on disk",
            version < WithSyncInterval
                ? $"nats-server {server.Version} can't write to disk before it acknowledges, and may lose what was accepted when nodes are killed; upgrade to 2.12 and set sync_interval: always"
                : null,
            IsSerious: false);
        yield return new Diagnosis(
            "there is more than one copy",
            string.IsNullOrEmpty(server.Cluster) ? "it is a single server: its disk has the only copy of what waits; back it up (./tickets backup), or run three nodes" : null,
            IsSerious: false);
        yield return new Diagnosis(
            "the largest command fits",
            server.MaxPayload < SmallestPayload ? $"the server takes {server.MaxPayload} bytes at most, and a command that is given up may need 1 MB; set max_payload: 1MB" : null);
    }

    private static IEnumerable<Diagnosis> Cluster(ClusterState state)
    {
        // Who listens is looked at for each consumer.
        var outages = state.Outages().ToArray();
        foreach (var outage in outages)
        {
            yield return new Diagnosis(outage.Subject, $"{outage.What}; {outage.Remedy}");
        }

        if (outages.Length == 0)
        {
            yield return new Diagnosis("nodes, leaders and copies");
        }

        foreach (var node in state.Nodes.Where(node => node.StoreLimit > 0))
        {
            var used = (double)node.StoreSize / node.StoreLimit;
            yield return new Diagnosis(
                $"the store of {node.Name}", used <= MuchStored ? null : $"{used:P0} of max_file_store is used; when it is full nothing more is accepted. Raise it, or free the dead letters");
        }
    }

    // Beside them are the notes of replays.
    private static async Task<IReadOnlyList<Diagnosis>> DeadLettersAsync(INatsJSContext jetStream, StreamState stream, CancellationToken cancellation)
    {
        const string What = "dead letters";
        if (stream.Fault is not null)
        {
            return [];
        }

        try
        {
            var request = new NATS.Client.JetStream.Models.StreamInfoRequest { SubjectsFilter = Subjects.AllReplayNotes };
            var notes = (await jetStream.GetStreamAsync(stream.Name, request, cancellation)).Info.State.Subjects;
            var letters = stream.Messages - (notes?.Values.Sum() ?? 0);
            return [new Diagnosis(What, letters <= 0 ? null : $"{letters} could not be handled; ./tickets dlq list shows them with their reasons", IsSerious: false)];
        }
        catch (NatsException e)
        {
            return [new Diagnosis(What, $"can't be counted: {e.Message}", IsSerious: false)];
        }
    }

    private static IEnumerable<Diagnosis> Listeners(StreamState stream)
    {
        foreach (var consumer in stream.Consumers.Where(consumer => consumer.Fault is null))
        {
            yield return new Diagnosis(
                $"who listens to {stream.Name}",
                consumer.IsForsaken
                    ? $"{consumer.Pending} messages wait and no process takes them; {Remedies.Forsaken}"
                : consumer.AckPendingLimit > 0 && consumer.AckPending >= consumer.AckPendingLimit
                    ? $"as many as allowed, {consumer.AckPending}, are being handled, and none gets ready; see the services' logs"
                : null);
        }
    }
}
