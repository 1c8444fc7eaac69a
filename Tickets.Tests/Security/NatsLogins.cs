using System.Net;
using NATS.NKeys;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Each way in which the program may log in, to a real server that takes no other, and what it says when it is refused.</summary>
public sealed class NatsLogins : IDisposable
{
    private const string Password = "authorization { user: app, password: s3cret }";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly CertificateAuthority _authority = new();
    private readonly CertificateAuthority _stranger = new();

    [Fact]
    public Task by_a_password_from_a_file() => WorksAsync(
        Password, [("NATS_USER", "app"), ("NATS_PASSWORD_FILE", Write("password", "s3cret\n"))], [("NATS_USER", "app"), ("NATS_PASSWORD", "guess")]);

    [Fact]
    public Task by_a_token() => WorksAsync("authorization { token: s3cret }", [("NATS_TOKEN", "s3cret")], [("NATS_TOKEN_FILE", Write("token", "guess"))]);

    [Fact]
    public Task by_an_nkey()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        using var stranger = KeyPair.CreatePair(PrefixByte.User);
        return WorksAsync(
            $"authorization {{ users: [ {{ nkey: {user.GetPublicKey()} }} ] }}",
            [("NATS_NKEY_FILE", Write("user.nk", $"-----BEGIN USER NKEY SEED-----\n{user.GetSeed()}\n"))],
            [("NATS_NKEY", stranger.GetSeed())]);
    }

    [Fact]
    public async Task by_a_jwt()
    {
        using var account = new JwtAccount();
        await WorksAsync(
            account.ServerConfiguration,
            [("NATS_CREDS_FILE", Write("user.creds", account.Credentials()))],
            [("NATS_CREDS_FILE", Write("forged.creds", account.Credentials(forged: true)))]);
    }

    [Fact]
    public async Task over_tls_to_a_server_that_an_authority_vouches_for()
    {
        await using var nats = await NatsServer.StartAsync(Tls(_authority.Issue("server")));
        await using var service = await TicketService.StartAsync(nats, ("NATS_TLS_CA_FILE", _authority.CaFile));

        await AnswersAsync(service);
        (await FailsAsync(nats, ("NATS_TLS_CA_FILE", _stranger.CaFile))).ShouldContain("can't be trusted");
        (await FailsAsync(nats, ("NATS_TLS", "true"))).ShouldContain("can't be trusted");
    }

    [Fact]
    public async Task by_a_certificate_of_its_own()
    {
        await using var nats = await NatsServer.StartAsync(Tls(_authority.Issue("server"), "verify: true"));
        var (certificate, key) = _authority.Issue("client");
        var (strange, strangeKey) = _stranger.Issue("client");
        await using var service = await TicketService.StartAsync(
            nats, ("NATS_TLS_CA_FILE", _authority.CaFile), ("NATS_TLS_CERT_FILE", certificate), ("NATS_TLS_KEY_FILE", key));

        await AnswersAsync(service);
        (await FailsAsync(nats, ("NATS_TLS_CA_FILE", _authority.CaFile), ("NATS_TLS_CERT_FILE", strange), ("NATS_TLS_KEY_FILE", strangeKey))).ShouldContain("does not take this client's certificate");
        (await FailsAsync(nats, ("NATS_TLS_CA_FILE", _authority.CaFile))).ShouldContain("does not take this client's certificate, or wants one");
    }

    [Fact]
    public async Task not_to_a_server_whose_certificate_has_expired_or_is_anothers()
    {
        await using var expired = await NatsServer.StartAsync(Tls(_authority.Issue("expired", hasExpired: true)));
        await using var anothers = await NatsServer.StartAsync(Tls(_authority.Issue("anothers", host: "example.com")));

        (await FailsAsync(expired, ("NATS_TLS_CA_FILE", _authority.CaFile))).ShouldContain("can't be trusted");
        (await FailsAsync(anothers, ("NATS_TLS_CA_FILE", _authority.CaFile))).ShouldContain("can't be trusted");
    }

    [Fact]
    public async Task not_in_the_clear_where_tls_is_required()
    {
        await using var nats = await NatsServer.StartAsync();

        (await FailsAsync(nats, ("NATS_TLS", "true"))).ShouldBe($"NATS at 127.0.0.1:{nats.Port} does not support TLS, which is required here; give the server a certificate.");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task a_service_that_may_not_ask_jetstream_names_the_permission_that_it_lacks(string provisions)
    {
        await using var nats = await NatsServer.StartAsync("""authorization { users: [ { user: app, password: s3cret, permissions: { publish: { deny: ["$JS.API.INFO"] } } } ] }""");

        var line = await FailsAsync(nats, ("NATS_USER", "app"), ("NATS_PASSWORD", "s3cret"), ("NATS_PROVISION", provisions));

        line.ShouldContain("The server forbids this user to publish to '$JS.API.INFO'. Give it these permissions.");
    }

    [Fact]
    public async Task a_service_that_makes_nothing_names_what_is_missing_and_who_makes_it()
    {
        await using var nats = await NatsServer.StartAsync();

        var line = await FailsAsync(nats, ("NATS_PROVISION", "false"));

        foreach (var missing in new[] { "stream TICKET_COMMANDS", "stream TICKET_EVENTS", "stream TICKET_DLQ", "consumer TICKET_COMMANDS/ticket-workers", "consumer TICKET_EVENTS/notifier" })
        {
            line.ShouldContain($"{missing} (it does not exist)");
        }

        line.ShouldContain("run './tickets resources setup' with a login that may");
    }

    [Fact]
    public async Task a_service_that_makes_nothing_works_with_what_was_made_for_it()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = TicketService.NotStarted(nats, ("NATS_PROVISION", "false"));
        await using var provisioner = TicketService.NotStarted(nats);
        (await provisioner.RunAsync("resources", "setup")).ExitCode.ShouldBe(0);

        await service.StartAgainAsync();

        await AnswersAsync(service);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
        _stranger.Dispose();
    }

    private static async Task WorksAsync(string server, (string, string)[] right, (string, string)[] wrong)
    {
        await using var nats = await NatsServer.StartAsync(server);
        await using var service = await TicketService.StartAsync(nats, right);

        await AnswersAsync(service);
        var check = await service.RunAsync("check-env");
        check.ExitCode.ShouldBe(0, check.Output);
        await service.StopAsync();

        const string Refused = "refuses this login (Authorization Violation); check the credentials, and that the server knows them";
        (await FailsAsync(nats, wrong)).ShouldBe($"NATS at 127.0.0.1:{nats.Port} {Refused}.");
        (await FailsAsync(nats)).ShouldContain(Refused);
        var other = await TicketService.NotStarted(nats, wrong).RunAsync("check-env");
        other.Output.ShouldContain($"FAIL  NATS at 127.0.0.1:{nats.Port}: {Refused}");
    }

    private static async Task AnswersAsync(TicketService service)
    {
        using var created = await service.CreateAsync("acme", "Signed in");
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    // The one line with which it ends.
    private static async Task<string> FailsAsync(NatsServer nats, params (string, string)[] settings)
    {
        await using var service = TicketService.NotStarted(nats, settings);
        var (exitCode, output) = await service.RunAsync("run").WaitAsync(Limit);
        exitCode.ShouldBe(1, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldHaveSingleItem();
    }

    private string Tls((string Certificate, string Key) files, string more = "") => $$"""
        tls { cert_file: "{{files.Certificate}}", key_file: "{{files.Key}}", ca_file: "{{_authority.CaFile}}", timeout: 5, {{more}} }
        """;

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
