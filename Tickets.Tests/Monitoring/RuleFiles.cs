using NatsServers;
using Tickets.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Tickets.Tests.Monitoring;

/// <summary>The rules, as Prometheus's own tool sees them, and what belongs to each.</summary>
public sealed class RuleFiles
{
    private static readonly string Runbooks = Path.Combine(Repository.Root, "docs", "runbooks");

    [Theory]
    [InlineData("check", "rules", "--lint-fatal", "alerts.yml")]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task promtool_has_no_objection(params string[] words)
    {
        var (exitCode, output) = await ChildProcess.RunAsync("promtool", [.. words[..^1], Path.Combine(AlertRule.Folder, words[^1])]);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("SUCCESS");
    }

    [Fact]
    public void every_alert_fires_in_a_test_and_is_silent_in_another()
    {
        var tests = ((YamlSequenceNode)Yaml.Read(Path.Combine(AlertRule.Folder, "alerts.test.yml"))["tests"])
            .SelectMany(test => (YamlSequenceNode)test["alert_rule_test"])
            .Select(check => (Name: check["alertname"].ToString(), Fires: ((YamlMappingNode)check).Children.ContainsKey("exp_alerts")))
            .ToArray();

        AlertRule.All.Select(rule => (rule.Name, Fires: true)).Except(tests).ShouldBeEmpty();
        AlertRule.All.Select(rule => (rule.Name, Fires: false)).Except(tests).ShouldBeEmpty();
    }

    [Fact]
    public void every_alert_is_provoked_on_real_servers()
    {
        var tests = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "Tickets.Tests", "Monitoring"), "*Alerts.cs").Select(File.ReadAllText));

        AlertRule.All.ShouldAllBe(rule => tests.Contains($"FiresAsync(\"{rule.Name}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void every_alert_says_how_urgent_it_is_what_it_means_and_what_to_type_first()
    {
        AlertRule.All.Count.ShouldBeGreaterThanOrEqualTo(16);
        foreach (var rule in AlertRule.All)
        {
            rule.For.ShouldNotBe("0m", rule.Name);
            rule.Labels["severity"].ShouldBeOneOf("page", "ticket");
            rule.Annotations.Keys.ShouldBe(["summary", "description", "command", "runbook"], ignoreOrder: true, rule.Name);
            rule.Annotations["runbook"].ShouldBe($"docs/runbooks/{rule.Name}.md");
        }
    }

    [Fact]
    public void every_alert_has_a_runbook_that_begins_with_its_command_and_every_runbook_an_alert()
    {
        Directory.GetFiles(Runbooks, "*.md").Select(Path.GetFileNameWithoutExtension).Where(name => name != "README")
            .ShouldBe(AlertRule.All.Select(rule => rule.Name), ignoreOrder: true);

        var index = File.ReadAllText(Path.Combine(Runbooks, "README.md"));
        foreach (var rule in AlertRule.All)
        {
            index.ShouldContain($"[{rule.Name}]({rule.Name}.md) | {rule.Labels["severity"]} |");
            var text = File.ReadAllText(Path.Combine(Runbooks, $"{rule.Name}.md"));
            text.ShouldStartWith($"# {rule.Name}\n");
            foreach (var heading in (string[])["## What it means", "## Look first", "## Causes, and what to do", "## It is over when"])
            {
                text.ShouldContain($"\n{heading}\n", Case.Sensitive, rule.Name);
            }

            // The address of a process is a label's value.
            text.ShouldContain(rule.Annotations["command"].Replace("{{ $labels.instance }}", "ticket-svc:8080", StringComparison.Ordinal), Case.Sensitive, rule.Name);
        }
    }

    [Fact]
    public void the_jobs_that_the_alerts_name_are_scraped()
    {
        var jobs = ((YamlSequenceNode)Yaml.Read(Path.Combine(AlertRule.Folder, "prometheus.yml"))["scrape_configs"]).Select(job => job["job_name"].ToString());

        jobs.ShouldBe([PrometheusServer.Job, "prometheus"]);
        AlertRule.All.Count(rule => rule.Expression.Contains("job=\"", StringComparison.Ordinal)).ShouldBe(2);
        AlertRule.All.Where(rule => rule.Expression.Contains("job=\"", StringComparison.Ordinal))
            .ShouldAllBe(rule => rule.Expression.Contains($"job=\"{PrometheusServer.Job}\"", StringComparison.Ordinal));
    }
}
