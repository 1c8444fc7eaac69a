using System.Diagnostics.Metrics;

namespace Tickets.Api.Cluster;

/// <summary>
/// The state of JetStream as gauges. Every process that looks has the same, so sum nothing of it. What does not answer tells only that:
/// a 0 for its messages would look as if they had gone, and then as if new ones had come.
/// </summary>
internal static class ClusterMetrics
{
    public const string MeterName = "Tickets.JetStream";

    public static void Observe(Meter meter, Func<ClusterState> state)
    {
        meter.CreateObservableGauge("tickets.jetstream.up", () => Up(state()), null, "1 while JetStream answers, 0 while it does not");
        meter.CreateObservableGauge(
            "tickets.node.up", () => state().Nodes.Select(node => Of(node, node.Fault is null ? 1 : 0)), null, "1 while the monitoring of the node answers");
        Nodes("tickets.node.store.size", "By", "What JetStream keeps in the node's files", node => node.StoreSize);
        Nodes("tickets.node.store.limit", "By", "How much it may keep there; 0 for no limit", node => node.StoreLimit);
        meter.CreateObservableGauge(
            "tickets.stream.up", () => state().Streams.Select(stream => Of(stream, stream.Fault is null ? 1 : 0)), null, "1 while the stream answers, which it does not without a leader");
        Streams("tickets.stream.messages", "{message}", "Messages in the stream", stream => stream.Messages);
        Streams("tickets.stream.size", "By", "What they take", stream => stream.Size);
        Streams("tickets.stream.size.limit", "By", "What they may take; 0 for no limit", stream => stream.SizeLimit);
        Streams("tickets.stream.replicas.absent", "{replica}", "Copies whose node is away", stream => stream.Replicas.Count(replica => replica.State == ReplicaState.Offline));
        Streams("tickets.stream.replicas.behind", "{replica}", "Copies that lag behind", stream => stream.Replicas.Count(replica => replica.State == ReplicaState.Lagging));
        Consumers("tickets.consumer.pending", "Messages that the consumer has not delivered yet: the lag", consumer => (long)consumer.Pending);
        Consumers("tickets.consumer.ack_pending", "Messages that are being handled", consumer => consumer.AckPending);
        Consumers("tickets.consumer.redelivered", "Of these, those that were delivered more than once", consumer => consumer.Redelivered);

        void Nodes(string name, string? unit, string description, Func<NodeState, long> value) => meter.CreateObservableGauge(
            name, () => state().Nodes.Where(node => node.Fault is null).Select(node => Of(node, value(node))), unit, description);

        void Streams(string name, string? unit, string description, Func<StreamState, long> value) => meter.CreateObservableGauge(
            name, () => state().Streams.Where(stream => stream.Fault is null).Select(stream => Of(stream, value(stream))), unit, description);

        void Consumers(string name, string description, Func<ConsumerState, long> value) => meter.CreateObservableGauge(
            name,
            () => state().Streams.SelectMany(stream => stream.Consumers.Where(consumer => consumer.Fault is null).Select(consumer => new Measurement<long>(
                value(consumer), new("stream", stream.Name), new KeyValuePair<string, object?>("consumer", consumer.Name)))),
            "{message}",
            description);
    }

    private static IEnumerable<Measurement<int>> Up(ClusterState state) =>
        ReferenceEquals(state, ClusterState.Unknown) ? [] : [new Measurement<int>(state.Fault is null ? 1 : 0)];

    private static Measurement<long> Of(NodeState node, long value) => new(value, new KeyValuePair<string, object?>("node", node.Address));

    private static Measurement<long> Of(StreamState stream, long value) => new(value, new KeyValuePair<string, object?>("stream", stream.Name));
}
