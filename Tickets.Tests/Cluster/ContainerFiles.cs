using Tickets.Tests.Fixtures;
using Tickets.Tests.Monitoring;
using YamlDotNet.RepresentationModel;
using static Tickets.Tests.Cluster.ComposeYaml;

namespace Tickets.Tests.Cluster;

/// <summary>What runs in containers, as far as it can be checked without them.</summary>
public sealed class ContainerFiles
{
    // Directory.Build.props locks the restore there alone.
    [Fact]
    public async Task the_image_is_built_from_the_packages_of_the_lock_files()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "Dockerfile"));

        lines.ShouldContain("ENV CI=true");
        Array.IndexOf(lines, "ENV CI=true").ShouldBeLessThan(Array.FindIndex(lines, line => line.StartsWith("RUN ./tickets publish", StringComparison.Ordinal)));
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

    // What listens on 0.0.0.0 inside a container is published on the loopback of its host alone.
    [Fact]
    public void monitoring_and_profiling_are_reached_from_the_same_machine_alone()
    {
        var published = AllServices().SelectMany(service => Strings(service.Value, "ports")).ToArray();
        published.Length.ShouldBe(19);
        published.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
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

    // It knows no name of the project in the file (its schema of 1.29.2).
    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("docker-compose.node-4.yml")]
    [InlineData("docker-compose.monitoring.yml")]
    public void version_1_of_docker_compose_takes_the_fields_of_each_file(string file)
    {
        Read(file).Children.Keys.Select(key => key.ToString()).Where(key => !key.StartsWith("x-", StringComparison.Ordinal)).ShouldBeSubsetOf(["services", "volumes"]);
        File.ReadLines(Path.Combine(Folder, ".env")).ShouldContain("COMPOSE_PROJECT_NAME=tickets");
    }
}
