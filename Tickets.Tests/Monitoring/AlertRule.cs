using Tickets.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Tickets.Tests.Monitoring;

/// <summary>A rule of <c>monitoring/alerts.yml</c>.</summary>
public sealed record AlertRule(string Name, string Expression, string For, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "monitoring");

    public static string File { get; } = Path.Combine(Folder, "alerts.yml");

    public static IReadOnlyList<AlertRule> All { get; } =
    [
        .. ((YamlSequenceNode)Yaml.Read(File)["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).Select(rule => new AlertRule(
            rule["alert"].ToString(), rule["expr"].ToString(), rule["for"].ToString(), Yaml.Texts(rule["labels"]), Yaml.Texts(rule["annotations"]))),
    ];
}
