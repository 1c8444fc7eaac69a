using NatsServers;

namespace Tickets.Tests.Cluster;

/// <summary>The nodes' configuration, as the server reads it.</summary>
public sealed class NodeFiles
{
    private static readonly string Folder = ComposeYaml.Folder;

    // What a container of the compose file has in its environment.
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["NODE_HOST"] = "0.0.0.0",
        ["NODE_CLIENT_PORT"] = "4222",
        ["NODE_MONITOR_PORT"] = "8222",
        ["NODE_ROUTE_PORT"] = "6222",
        ["NODE_PROFILE_PORT"] = "11222",
        ["NODE_ADVERTISE"] = "127.0.0.1:4222",
        ["NODE_STORE"] = "/data",
        ["NODE_ROUTES"] = "[nats-route://nats-motadata-1:6222, nats-route://nats-motadata-2:6222]",
        ["SYSTEM_PASSWORD"] = "\"1e5\"",
        ["SERVICE_NKEY"] = "UCRLXD4HAHZY45IJYVZA65NKWSSHAPSKCAYCOEVX2VSOAC4FLJ7EZLPU",
        ["PROVISIONER_NKEY"] = "UDQ7AC5CQGYNKYIGFZRE7MNOPMHZKCDYOHFJYDTKNGW3GXVHXZJHFIDE",
        ["OPERATOR_NKEY"] = "UCSKCECWAXXC6RYRKM7DMG5JMCPXGCFWWCKS32CS3LRNF2ODAK56ROTD",
        ["BACKUP_NKEY"] = "UDZ5XLCDQHURXAJV5TZGHU4TYCFMLSE3NZR3SIECW2COFAE2A4BKRKJI",
        ["ACME_NKEY"] = "UCJTVR7YOL4IFZA7Z6ROVZVQJ5O65E6AHYCBND3T2NAE2Y3ZUZJY6FXH",
    };

    public static TheoryData<int> Nodes => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task the_server_takes_each_nodes_file_as_it_is(int node) =>
        (await TestAsync(Path.Combine(Folder, $"nats-motadata-{node}.conf"), Environment)).ShouldContain("is valid");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task the_server_takes_each_production_file_but_for_the_field_that_it_is_too_old_for(int node)
    {
        using var folder = new TemporaryFolder();
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "production", "nats-motadata.conf"));
        lines.Count(line => line.Trim() == "sync_interval: always").ShouldBe(1);
        await File.WriteAllLinesAsync(folder.File("nats-motadata.conf"), lines.Where(line => line.Trim() != "sync_interval: always"));
        File.Copy(Path.Combine(Folder, "production", $"nats-motadata-{node}.conf"), folder.File("node.conf"));
        File.Copy(Path.Combine(Folder, "production", "accounts.conf"), folder.File("accounts.conf"));
        await ChildProcess.MustRunAsync(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=node", "-keyout", folder.File("key"), "-out", folder.File("cert"));

        var environment = new Dictionary<string, string?>(Environment)
        {
            ["NODE_CERT"] = folder.File("cert"),
            ["NODE_KEY"] = folder.File("key"),
            ["NODE_CA"] = folder.File("cert"),
        };
        (await TestAsync(folder.File("node.conf"), environment)).ShouldContain("is valid");
    }

    [Fact]
    public void production_differs_only_in_fields_that_it_explains()
    {
        var trial = FieldsOf("nats-motadata.conf");
        var production = FieldsOf(Path.Combine("production", "nats-motadata.conf"));
        var text = File.ReadAllText(Path.Combine(Folder, "production", "nats-motadata.conf"));

        var different = trial.Except(production).Concat(production.Except(trial)).Select(field => field.Split('=')[0]).Distinct().ToArray();

        different.ShouldContain("jetstream.sync_interval");
        foreach (var field in different)
        {
            var explained = field.StartsWith("cluster.tls.", StringComparison.Ordinal) ? "cluster.tls"
                : field == "jetstream.sync_interval" ? "sync_interval"
                : field.Split('.')[0].Replace("http_port", "http", StringComparison.Ordinal);
            text.ShouldContain($"# Production, {explained}:", Case.Sensitive, field);
        }
    }

    [Fact]
    public void production_is_monitored_from_its_own_machine_and_has_no_profiler()
    {
        var production = FieldsOf(Path.Combine("production", "nats-motadata.conf"));
        production.ShouldContain("http=: 127.0.0.1:8222");
        production.ShouldNotContain(field => field.StartsWith("prof_port", StringComparison.Ordinal) || field.StartsWith("http_port", StringComparison.Ordinal));
        File.ReadAllText(Path.Combine(Folder, "cluster")).ShouldContain("NODE_HOST=127.0.0.1");
    }

    private static async Task<string> TestAsync(string file, Dictionary<string, string?> environment) =>
        (await ChildProcess.RunAsync("nats-server", ["-t", "-c", file], environment)).Output;

    // Each value with the blocks around it.
    private static HashSet<string> FieldsOf(string file)
    {
        HashSet<string> fields = [];
        Stack<string> blocks = [];
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("include ", StringComparison.Ordinal))
            {
                fields.Add($"{Path.GetFileNameWithoutExtension(line.Split('"')[1])}={line}");
            }
            else if (line.EndsWith('{'))
            {
                blocks.Push(line[..^1].Trim());
            }
            else if (line == "}")
            {
                blocks.Pop();
            }
            else
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                fields.Add($"{string.Join('.', blocks.Reverse().Append(line[..colon]))}={line[colon..]}");
            }
        }

        return fields;
    }
}
