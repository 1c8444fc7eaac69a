using System.Net.Http.Json;
using System.Text.Json;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>The nodes of the shipped production configuration among themselves, and towards strangers.</summary>
[Collection(InProduction.Name)]
public sealed class NatsNodes(ProductionCluster production)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task a_node_with_a_certificate_of_another_authority_does_not_join()
    {
        using var others = await TrialCredentials.MakeAsync();
        int[] routes = [FreePort.Next(), .. production.RoutePorts.Skip(1)];
        using var stranger = new ProductionNode(1, FreePort.Next(), routes, others.Folder, others.PublicKeys);

        await Eventually.Async(
            () => stranger.Log.Contains("TLS route handshake error", StringComparison.Ordinal), Limit, "it is refused");

        using var http = new HttpClient();
        var own = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{stranger.MonitorPort}/routez");
        own.GetProperty("num_routes").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task a_client_without_tls_or_without_a_login_is_refused()
    {
        await using var plain = new NatsConnection(NatsOpts.Default with { Url = production.Url, TlsOpts = new NatsTlsOpts { Mode = TlsMode.Disable } });
        await using var nobody = new NatsConnection(NatsOpts.Default with
        {
            Url = production.Url,
            TlsOpts = new NatsTlsOpts { CaFile = production.Credentials.PathOf("ca.pem"), Mode = TlsMode.Require },
        });

        (await Should.ThrowAsync<NatsException>(async () => await plain.ConnectAsync())).ToString().ShouldContain("requires TLS");
        (await Should.ThrowAsync<NatsException>(async () => await nobody.ConnectAsync())).ToString().ShouldContain("Authorization Violation", Case.Insensitive);
    }

    [Fact]
    public async Task credentials_are_for_their_owner_alone_and_are_not_written_over()
    {
        var before = production.Credentials.SeedOf("service");

        var (exitCode, output) = await production.Credentials.RunScriptAsync();

        exitCode.ShouldBe(1);
        output.ShouldContain("is not empty, and nothing is written over");
        production.Credentials.SeedOf("service").ShouldBe(before);
        foreach (var file in Directory.GetFiles(production.Credentials.Folder))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
            }
        }
    }
}
