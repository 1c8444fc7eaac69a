using System.Text.Json;

namespace Tickets.Tests.Monitoring;

/// <summary>The dashboard's file, as far as it can be checked without Grafana.</summary>
public sealed class DashboardFile
{
    [Fact]
    public void its_rows_go_from_whether_it_is_well_to_the_runtime() =>
        Dashboard.Panels.Where(panel => TypeOf(panel) == "row").Select(TitleOf)
            .ShouldBe(["Is it well", "Requests", "Commands", "Outbox", "Consumers", "Streams and nodes", "Runtime"]);

    [Fact]
    public void every_panel_has_its_own_id_and_a_place_that_is_nobody_elses()
    {
        Dashboard.Panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        var places = Dashboard.Panels.Select(panel => panel.GetProperty("gridPos")).SelectMany(place =>
            from x in Enumerable.Range(At(place, "x"), At(place, "w"))
            from y in Enumerable.Range(At(place, "y"), At(place, "h"))
            select (x, y)).ToArray();
        places.ShouldBeUnique();
        places.ShouldAllBe(place => place.x < 24);
    }

    [Fact]
    public void every_panel_asks_the_provisioned_data_source_and_says_its_unit()
    {
        var source = Yaml.Read(Path.Combine(AlertRule.Folder, "grafana", "provisioning", "datasources", "prometheus.yml"))["datasources"][0]["uid"].ToString();

        foreach (var panel in Dashboard.Panels.Where(panel => TypeOf(panel) != "row"))
        {
            panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString().ShouldNotBeNullOrEmpty(TitleOf(panel));
            panel.GetProperty("targets").EnumerateArray().Append(panel)
                .ShouldAllBe(asking => asking.GetProperty("datasource").GetProperty("uid").GetString() == source);
        }

        Dashboard.Root.GetProperty("uid").GetString().ShouldBe("tickets");
        Dashboard.Root.GetProperty("schemaVersion").GetInt32().ShouldBe(39);
    }

    private static string TypeOf(JsonElement panel) => panel.GetProperty("type").GetString()!;

    private static string TitleOf(JsonElement panel) => panel.GetProperty("title").GetString()!;

    private static int At(JsonElement place, string name) => place.GetProperty(name).GetInt32();
}
