using NatsServers;
using Tickets.Tests.Fixtures;
using Tickets.Tests.Monitoring;
using YamlDotNet.RepresentationModel;

namespace Tickets.Tests.Cluster;

/// <summary>The files of the cluster, as far as they can be checked without containers.</summary>
public sealed class ClusterFiles
{
    private static readonly string Folder = Path.Combine(Repository.Root, "nats", "cluster");

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

    private static readonly YamlMappingNode Compose = Read("docker-compose.yml");

    public static TheoryData<int> Nodes => [1, 2, 3, 4];

    // Directory.Build.props locks the restore there alone.
    [Fact]
    public async Task the_image_is_built_from_the_packages_of_the_lock_files()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "Dockerfile"));

        lines.ShouldContain("ENV CI=true");
        Array.IndexOf(lines, "ENV CI=true").ShouldBeLessThan(Array.FindIndex(lines, line => line.StartsWith("RUN ./tickets publish", StringComparison.Ordinal)));
    }

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
        using var make = ChildProcess.Start("openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=node", "-keyout", folder.File("key"), "-out", folder.File("cert")]);
        await make.WaitForExitAsync(TimeSpan.FromSeconds(20));

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
    public void every_file_that_is_mounted_is_there()
    {
        var mounted = AllServices().SelectMany(service => Strings(service.Value, "volumes"))
            .Select(mount => mount.Split(':')[0])
            .Where(source => source[0] == '.')
            .Distinct()
            .ToArray();

        mounted.Length.ShouldBeGreaterThanOrEqualTo(11);
        mounted.ShouldAllBe(source => Path.Exists(Path.Combine(Folder, source)));
        Strings(Services().Single(x => x.Key == "nats-box").Value, "environment").ShouldNotBeNull();
        File.Exists(Path.Combine(Repository.Root, Text(Compose, "x-ticket-svc", "build", "dockerfile"))).ShouldBeTrue();
    }

    [Fact]
    public void every_node_has_its_own_name_and_the_seeds_ports_on_loopback_alone()
    {
        for (var node = 1; node <= 3; node++)
        {
            var service = Services()[$"nats-motadata-{node}"];
            Strings(service, "ports").ShouldBe(
                [$"127.0.0.1:{4221 + node}:4222", $"127.0.0.1:{8221 + node}:8222", $"127.0.0.1:{6221 + node}:6222", $"127.0.0.1:{11221 + node}:11222"]);
            Text(service, "environment", "NODE_ADVERTISE").ShouldBe($"127.0.0.1:{4221 + node}");
            Strings(service, "volumes")[0].ShouldStartWith($"./nats-motadata-{node}.conf:");
            File.ReadLines(Path.Combine(Folder, $"nats-motadata-{node}.conf")).First().ShouldBe($"server_name: nats-motadata-{node}");
            Text(Compose, "x-node", "NODE_ROUTES").ShouldContain($"nats-route://nats-motadata-{node}:6222");
        }
    }

    // What listens on 0.0.0.0 inside a container is published on the host's loopback alone, and production has no profiler.
    [Fact]
    public void monitoring_and_profiling_are_reached_from_the_same_machine_alone()
    {
        var published = AllServices().SelectMany(service => Strings(service.Value, "ports")).ToArray();
        published.Length.ShouldBe(19);
        published.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));

        var production = FieldsOf(Path.Combine("production", "nats-motadata.conf"));
        production.ShouldContain("http=: 127.0.0.1:8222");
        production.ShouldNotContain(field => field.StartsWith("prof_port", StringComparison.Ordinal) || field.StartsWith("http_port", StringComparison.Ordinal));
        File.ReadAllText(Path.Combine(Folder, "cluster")).ShouldContain("NODE_HOST=127.0.0.1");
    }

    [Fact]
    public void prometheus_and_grafana_find_their_files_each_other_the_service_and_the_nodes()
    {
        var services = ServicesOf("docker-compose.monitoring.yml");
        var monitors = Text(services["ticket-svc"], "environment", "NATS_MONITOR_URLS").Split(',').Select(url => new Uri(url)).ToArray();
        monitors.Select(monitor => monitor.Host).ShouldBe(["nats-motadata-1", "nats-motadata-2", "nats-motadata-3"]);
        monitors.ShouldAllBe(monitor => Services().ContainsKey(monitor.Host) && monitor.Port.ToString(provider: null) == Text(Compose, "x-node", "NODE_MONITOR_PORT"));

        var scraped = Yaml.Read(Path.Combine(Repository.Root, "monitoring", "prometheus.yml"))["scrape_configs"][0]["dns_sd_configs"][0];
        Strings((YamlMappingNode)scraped, "names").ShouldBe(["ticket-svc"]);
        Text(scraped, "port").ShouldBe(Text(Compose, "x-settings", "PORT"));
        Strings(services["prometheus"], "command")[0].ShouldBe("--config.file=/etc/prometheus/prometheus.yml");
        Mounts("prometheus").ShouldBe(["/etc/prometheus/prometheus.yml", "/etc/prometheus/alerts.yml", "/prometheus"]);

        var provisioning = Path.Combine(Repository.Root, "monitoring", "grafana", "provisioning");
        var source = new Uri(Text(Yaml.Read(Path.Combine(provisioning, "datasources", "prometheus.yml"))["datasources"][0], "url"));
        services.ShouldContainKey(source.Host);
        Strings(services[source.Host], "ports").ShouldBe([$"127.0.0.1:{source.Port}:{source.Port}"]);
        Mounts("grafana").ShouldContain(Text(Yaml.Read(Path.Combine(provisioning, "dashboards", "tickets.yml"))["providers"][0], "options", "path"));
        Mounts("grafana").ShouldContain(Text(services["grafana"], "environment", "GF_PATHS_PROVISIONING"));

        // A file system that nothing writes to: what is kept has a volume.
        var volumes = ((YamlMappingNode)Read("docker-compose.monitoring.yml")["volumes"]).Children.Keys.Select(name => name.ToString());
        services.Values.SelectMany(service => Strings(service, "volumes")).Select(mount => mount.Split(':')[0]).Where(name => name[0] != '.').ShouldBe(volumes);

        string[] Mounts(string service) => [.. Strings(services[service], "volumes").Select(mount => mount.Split(':')[1])];
    }

    [Fact]
    public void no_container_is_root_or_writes_to_its_own_files_or_can_become_more()
    {
        File.ReadLines(Path.Combine(Folder, "Dockerfile")).Last(line => line.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe("USER $APP_UID");
        foreach (var (name, service) in AllServices())
        {
            Text(service, "read_only").ShouldBe("true", name);
            Strings(service, "cap_drop").ShouldBe(["ALL"], name);
            Strings(service, "security_opt").ShouldContain("no-new-privileges:true", name);
            var makesOwners = name.StartsWith("volume-owner", StringComparison.Ordinal);
            Strings(service, "cap_add").ShouldBe(makesOwners ? ["CHOWN"] : [], name);
            var user = service.Children.TryGetValue("user", out var given) ? given.ToString().Split(':')[0] : null;
            (user is "0" or "root").ShouldBe(makesOwners, name);

            // Ours has it from its image, and nothing takes it away.
            (user is null).ShouldBe(service.Children.ContainsKey("build"), name);
        }
    }

    [Fact]
    public void no_container_has_more_of_the_machine_than_files_to_read()
    {
        foreach (var (name, service) in AllServices())
        {
            service.Children.Keys.Select(key => key.ToString()).Intersect(["privileged", "pid", "ipc", "devices", "userns_mode", "cgroup", "group_add"]).ShouldBeEmpty(name);
            (service.Children.TryGetValue("network_mode", out var network) ? network.ToString() : "none").ShouldBe("none", name);
            foreach (var mount in Strings(service, "volumes").Select(mount => mount.Split(':')))
            {
                mount[0].ShouldNotStartWith("/", Case.Sensitive, name);
                (mount[0][0] != '.' || mount[^1] == "ro").ShouldBeTrue($"{name} may write to {mount[0]}");
            }
        }
    }

    [Fact]
    public void the_trial_says_by_name_that_it_does_without_tls() => Text(Compose, "x-settings", "NATS_ALLOW_PLAINTEXT").ShouldBe("true");

    [Fact]
    public void any_number_of_ticket_services_can_run_behind_one_published_port()
    {
        var service = Services()["ticket-svc"];
        service.Children.Keys.ShouldNotContain(new YamlScalarNode("container_name"));
        service.Children.Keys.ShouldNotContain(new YamlScalarNode("ports"));
        Text(service, "environment", "HOST").ShouldBe("0.0.0.0");

        Strings(Services()["gateway"], "ports").ShouldBe(["127.0.0.1:8080:8080"]);
        var gateway = File.ReadAllText(Path.Combine(Folder, "haproxy.cfg"));
        gateway.ShouldContain("ticket-svc:8080");
        gateway.ShouldContain("bind :8080");
        gateway.ShouldContain("GET /health/ready");
    }

    [Fact]
    public void what_a_service_waits_for_has_a_check_that_its_image_can_run()
    {
        foreach (var (name, service) in Services())
        {
            if (service.Children.TryGetValue("depends_on", out var needed) && needed is YamlMappingNode conditions)
            {
                foreach (var (other, condition) in conditions.Children)
                {
                    var target = Services()[other.ToString()];
                    if (Text((YamlMappingNode)condition, "condition") == "service_healthy")
                    {
                        var check = target.Children.TryGetValue("healthcheck", out var own) ? own : Compose["x-nats"]["healthcheck"];
                        var program = ((YamlSequenceNode)check["test"]).Children[1].ToString();
                        new[] { "wget", "pg_isready" }.ShouldContain(program, $"{name} waits for {other}");
                    }
                }
            }
        }
    }

    [Fact]
    public void the_fourth_nodes_compose_file_names_the_three_others_and_new_ports()
    {
        var services = ServicesOf("docker-compose.node-4.yml");
        var node = services["nats-motadata-4"];

        Strings(node, "ports")[0].ShouldBe("127.0.0.1:4225:4222");
        Text(services["nats-box"], "environment", "MONITORS").Split(' ').ShouldBe(Enumerable.Range(1, 4).Select(i => $"http://nats-motadata-{i}:8222"));
        Text(node, "environment", "NODE_ROUTES").ShouldBe(Text(Compose, "x-node", "NODE_ROUTES"));
        Strings(node, "volumes").Select(mount => mount.Split(':')[0]).Where(source => source.StartsWith("./", StringComparison.Ordinal))
            .ShouldAllBe(source => File.Exists(Path.Combine(Folder, source)));
    }

    private static async Task<string> TestAsync(string file, Dictionary<string, string?> environment)
    {
        using var process = ChildProcess.Start("nats-server", ["-t", "-c", file], environment);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(10));
        return process.Output;
    }

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

    private static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Folder, file));
        yaml.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(reader)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static Dictionary<string, YamlMappingNode> Services() => ServicesOf("docker-compose.yml");

    private static Dictionary<string, YamlMappingNode> ServicesOf(string file) =>
        ((YamlMappingNode)Read(file)["services"]).Children.ToDictionary(x => x.Key.ToString(), x => (YamlMappingNode)x.Value);

    // What a further file only adds to is in the first one.
    private static IEnumerable<KeyValuePair<string, YamlMappingNode>> AllServices() => Services()
        .Concat(ServicesOf("docker-compose.node-4.yml").Where(service => service.Key != "nats-box"))
        .Concat(ServicesOf("docker-compose.monitoring.yml").Where(service => service.Key != "ticket-svc"));

    private static string[] Strings(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var found) && found is YamlSequenceNode list ? [.. list.Children.Select(item => item.ToString())] : [];

    private static string Text(YamlNode node, params string[] path) => path.Aggregate(node, (found, key) => found[key]).ToString();
}
