using Tickets.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Tickets.Tests.Cluster;

/// <summary>The compose files of the cluster, read.</summary>
internal static class ComposeYaml
{
    public static readonly string Folder = Path.Combine(Repository.Root, "nats", "cluster");

    public static readonly YamlMappingNode Compose = Read("docker-compose.yml");

    public static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Folder, file));
        yaml.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(reader)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public static Dictionary<string, YamlMappingNode> Services() => ServicesOf("docker-compose.yml");

    public static Dictionary<string, YamlMappingNode> ServicesOf(string file) =>
        ((YamlMappingNode)Read(file)["services"]).Children.ToDictionary(x => x.Key.ToString(), x => (YamlMappingNode)x.Value);

    // What a further file only adds to is in the first one.
    public static IEnumerable<KeyValuePair<string, YamlMappingNode>> AllServices() => Services()
        .Concat(ServicesOf("docker-compose.node-4.yml").Where(service => service.Key != "nats-box"))
        .Concat(ServicesOf("docker-compose.monitoring.yml").Where(service => service.Key != "ticket-svc"));

    public static string[] Strings(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var found) && found is YamlSequenceNode list ? [.. list.Children.Select(item => item.ToString())] : [];

    public static string Text(YamlNode node, params string[] path) => path.Aggregate(node, (found, key) => found[key]).ToString();
}
