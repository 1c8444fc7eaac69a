using System.Globalization;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Cluster;

/// <summary>Prints the state of JetStream.</summary>
internal sealed class ClusterOutput(ClusterState state)
{
    private const long Mebibyte = 1024 * 1024;

    public void Write(IServiceProvider services) =>
        Printout.Write(new { Ok = !state.Faults().Any(), Faults = state.Faults().Select(fault => fault.ToString()), state.MetaLeader, state.Nodes, state.Streams }, services);

    public void Print()
    {
        PrintNodes();
        var streams = Printout.TableOf("stream", "leader", "other copies", "messages", "size");
        var consumers = Printout.TableOf("consumer", "leader", "waiting", "being handled", "redelivered", "listening");
        foreach (var stream in state.Streams.Where(stream => stream.Fault is null))
        {
            streams.Add(stream.Name, stream.Leader ?? "-", string.Join(", ", stream.Replicas.Select(Describe)), stream.Messages, Size(stream.Size));
            foreach (var consumer in stream.Consumers.Where(consumer => consumer.Fault is null))
            {
                consumers.Add(
                    $"{stream.Name}/{consumer.Name}", consumer.Leader ?? "-", consumer.Pending, consumer.AckPending, consumer.Redelivered, consumer.Waiting > 0 ? "yes" : "nobody");
            }
        }

        Printout.Print(streams);
        Console.WriteLine();
        Printout.Print(consumers);
        Console.WriteLine();
        foreach (var fault in state.Faults())
        {
            Printout.Fault($"{fault}");
        }

        if (!state.Faults().Any())
        {
            Printout.Well("all is well");
        }
    }

    private void PrintNodes()
    {
        if (state.Nodes.Count == 0)
        {
            Console.WriteLine("The nodes are not asked: set NATS_MONITOR_URLS=http://host:8222,… to have them here.");
            Console.WriteLine();
            return;
        }

        var nodes = Printout.TableOf("node", "version", "uptime", "clients", "routes to", "memory", "store", "leads");
        foreach (var node in state.Nodes)
        {
            nodes.Add(
                node.Name, node.Version ?? "-", node.Uptime ?? "-", node.Connections, string.Join(' ', node.Routes), Size(node.Memory),
                $"{Size(node.StoreSize)} of {(node.StoreLimit > 0 ? Size(node.StoreLimit) : "any")}", node.Name == state.MetaLeader ? "the cluster" : string.Empty);
        }

        Printout.Print(nodes);
        Console.WriteLine();
    }

    private static string Describe(ReplicaState replica) =>
        $"{replica.Node} {replica.State}{(replica.Lag > 0 ? string.Create(CultureInfo.InvariantCulture, $" by {replica.Lag}") : string.Empty)}";

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Mebibyte:0.0} MiB");
}
