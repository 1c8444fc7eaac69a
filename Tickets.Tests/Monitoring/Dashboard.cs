using System.Text.Json;

namespace Tickets.Tests.Monitoring;

/// <summary>The shipped dashboard of Grafana.</summary>
public static class Dashboard
{
    public static string File { get; } = Path.Combine(AlertRule.Folder, "grafana", "dashboards", "tickets.json");

    public static JsonElement Root { get; } = JsonDocument.Parse(System.IO.File.ReadAllText(File)).RootElement;

    public static IReadOnlyList<JsonElement> Panels { get; } = [.. Root.GetProperty("panels").EnumerateArray()];

    /// <summary>The expression of each query, with the panel's title.</summary>
    public static IReadOnlyList<(string Panel, string Expression)> Queries { get; } =
    [
        .. Panels.Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray()
            .Select(target => (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!))),
    ];
}
