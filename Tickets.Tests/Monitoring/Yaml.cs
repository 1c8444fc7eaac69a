using YamlDotNet.RepresentationModel;

namespace Tickets.Tests.Monitoring;

/// <summary>Reads YAML files.</summary>
public static class Yaml
{
    public static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(file);
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public static IReadOnlyDictionary<string, string> Texts(YamlNode node) =>
        ((YamlMappingNode)node).Children.ToDictionary(x => x.Key.ToString(), x => x.Value.ToString());
}
