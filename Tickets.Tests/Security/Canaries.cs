using System.Net;
using System.Net.Http.Json;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.NKeys;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>Every secret that the service is given is one that can be looked for. None of them comes out anywhere.</summary>
public sealed class Canaries : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly TokenIssuer _issuer = new();
    private readonly StringBuilder _seen = new();
    private readonly string _tenant = RunningService.NewTenant();
    private readonly Dictionary<string, string> _secrets = new()
    {
        ["DATABASE_URL"] = "canary-p%40ss-21c0de",
        ["NOTIFY_WEBHOOK_SECRET"] = "canary-hook-5d5e11",
        ["NOTIFY_WEBHOOK_URL"] = "canary-path-0b77aa-longer",
        ["NOTIFY_SMTP_PASSWORD"] = "canary-smtp-90ab12",
        ["NOTIFY_SMTP_URL"] = "canary-mail-44ee77",
        ["TICKETS_CREDENTIAL"] = "canary-bench-31d9f0",
        ["UNRELATED_TOKEN"] = "canary-else-66bb33",
    };

    private readonly KeyPair _user = KeyPair.CreatePair(PrefixByte.User);
    private readonly JwtAccount _account = new();
    private NatsServer _nats = null!;
    private NatsAuthOpts _login = null!;

    [Theory]
    [InlineData("NATS_URL", false)]
    [InlineData("NATS_URL", true)]
    [InlineData("NATS_PASSWORD", false)]
    [InlineData("NATS_TOKEN", true)]
    [InlineData("NATS_NKEY", false)]
    [InlineData("NATS_CREDS", true)]
    public async Task no_secret_comes_out_anywhere(string login, bool fromFiles)
    {
        _nats = await NatsServer.StartAsync(Accept(login));
        await using var service = await TicketService.StartAsync(_nats, [.. await SettingsAsync(login, fromFiles)]);
        var (keyId, key) = await service.NewKeyAsync(_tenant, "operator");
        var token = _issuer.Good(_tenant, "operator");
        var expired = _issuer.Sign(new Dictionary<string, object?>(TokenIssuer.Claims(_tenant)) { ["exp"] = 1 });
        string[] canaries = [.. _secrets.Values.Where(secret => !secret.StartsWith("-----", StringComparison.Ordinal)), Uri.UnescapeDataString(_secrets["DATABASE_URL"]), key, key.Split('_', 3)[2], token, expired, token.Split('.')[2], expired.Split('.')[2], .. _login is { Jwt: { } jwt, Seed: { } seed } ? [jwt.Split('.')[2], seed] : Array.Empty<string>()];

        await UseAsync(service, key, token, expired);
        foreach (var words in new[]
        {
            "describe", "describe --json", "check-env", "keys list", "resources list", "resources check --json", "dlq list", "bench reads --count 1",
        })
        {
            Keep($"./tickets {words}", (await service.RunAsync(words.Split(' '))).Output);
        }

        await TellOfLettersAsync(service, key);
        await _nats.StopAsync();
        foreach (var path in new[] { "/health/ready", "/api/v1/dead-letters", "/api/v1/tickets" })
        {
            await AnswerAsync(service.GetAsync(null, path, SignedIn.Bearer(key)));
        }

        await AnswerAsync(service.CreateAsync(null, SignedIn.Bearer(key), ("Prefer", "wait=1")));
        Keep("./tickets check-env without NATS", (await service.RunAsync("check-env")).Output);
        await service.StopAsync();
        Keep("the log", service.Output);

        // Long ones are wrapped in tables and trees: nothing between their parts may hide them.
        var seen = string.Concat(_seen.ToString().Where(character => !char.IsWhiteSpace(character) && character is not ('│' or '├' or '─' or '└')));
        seen.ShouldContain(keyId);
        foreach (var canary in canaries)
        {
            var at = seen.IndexOf(canary[..Math.Min(canary.Length, 18)], StringComparison.Ordinal);
            at.ShouldBe(-1, at < 0 ? string.Empty : seen[Math.Max(0, at - 200)..Math.Min(seen.Length, at + 100)]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_nats is not null)
        {
            await _nats.DisposeAsync();
        }

        _issuer.Dispose();
        _user.Dispose();
        _account.Dispose();
        _folder.Dispose();
    }

    private async Task UseAsync(TicketService service, string key, string token, string expired)
    {
        await AnswerAsync(service.PostAsync(null, JsonContent.Create(new { title = "critical", created_by = "ada", assignee = "bob" }), SignedIn.Bearer(key)));
        foreach (var credential in new[] { key, token, expired, key[..^1] + "x", "nothing" })
        {
            foreach (var path in new[] { "/api/v1/tickets", "/api/v1/audit", "/api/v1/dead-letters", "/metrics", "/health/ready", "/nothing", "/api/v1/tickets?sort=x", "/openapi/v1.json" })
            {
                await AnswerAsync(service.GetAsync(null, path, SignedIn.Bearer(credential)));
            }

            await AnswerAsync(service.PostAsync(null, new StringContent("{", Encoding.UTF8, "application/json"), SignedIn.Bearer(credential)));
        }

        // Both channels can't deliver; tenants are told why.
        var failed = await Eventually.Async(
            async () => await (await service.GetAsync(null, "/api/v1/notifications", SignedIn.Bearer(token))).Content.ReadAsStringAsync(),
            body => body.Split("\"failed\"").Length == 3,
            Limit,
            "the notifications have failed");
        Keep("notifications", failed);
        Keep("metrics", await (await service.GetAsync(null, "/metrics", SignedIn.Bearer(token))).Content.ReadAsStringAsync());
    }

    // An exception of a library may have a secret in its message, and with it the reason why a command was given up.
    private async Task TellOfLettersAsync(TicketService service, string key)
    {
        var letter = await WriteLetterAsync();
        foreach (var words in new[] { "dlq list", "dlq list --json", $"dlq show {letter}", $"dlq show {letter} --json", $"dlq discard {letter} --yes" })
        {
            var (exitCode, output) = await service.RunAsync(words.Split(' '));
            exitCode.ShouldBe(0, output);
            Keep($"./tickets {words}", output);
        }

        await AnswerAsync(service.GetAsync(_tenant, "/api/v1/dead-letters", SignedIn.Bearer(key)));
        await AnswerAsync(service.GetAsync(_tenant, Letters.PathOf(await WriteLetterAsync()), SignedIn.Bearer(key)));
        using var discarded = await service.SendAsync(HttpMethod.Delete, _tenant, Letters.PathOf(await WriteLetterAsync()), null, SignedIn.Bearer(key));
        discarded.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Async(() => service.Output.Contains("was discarded", StringComparison.Ordinal), Limit, "the log tells what the letter was");
    }

    private async Task<ulong> WriteLetterAsync()
    {
        await using var connection = _nats.Connect(_login);
        var reason = string.Join(' ', _secrets.Where(secret => secret.Key != "UNRELATED_TOKEN").SelectMany(secret => secret.Value.Split('\n')));
        var ack = await new NatsJSContext(connection).PublishAsync($"dlq.ticket.{_tenant}.create", "{}", headers: new NatsHeaders
        {
            ["Dlq-Stream"] = "TICKET_COMMANDS",
            ["Dlq-Subject"] = $"ticket.commands.{_tenant}.create",
            ["Dlq-Reason"] = $"FormatException: {reason}",
        });
        ack.EnsureSuccess();
        return ack.Seq;
    }

    // The configuration of a server that takes this login alone.
    private string Accept(string login)
    {
        const string Secret = "canary-nats-7f3a91";
        var credentials = _account.Credentials();
        var lines = credentials.Split('\n', StringSplitOptions.TrimEntries);
        var (server, authentication, value) = login switch
        {
            "NATS_TOKEN" => ($"authorization {{ token: \"{Secret}\" }}", new NatsAuthOpts { Token = Secret }, Secret),
            "NATS_NKEY" => ($"authorization {{ users: [ {{ nkey: {_user.GetPublicKey()} }} ] }}", new NatsAuthOpts { NKey = _user.GetPublicKey(), Seed = _user.GetSeed() }, _user.GetSeed()),
            "NATS_CREDS" => (_account.ServerConfiguration, new NatsAuthOpts { Jwt = lines[1], Seed = lines[5] }, credentials),
            _ => ($"authorization {{ user: svc, password: \"{Secret}\" }}", new NatsAuthOpts { Username = "svc", Password = Secret }, Secret),
        };
        _login = authentication;
        _secrets[login] = value;
        return server;
    }

    private async Task<(string Name, string Value)[]> SettingsAsync(string login, bool fromFiles)
    {
        var database = (await SharedPostgreSql.NewEmptyDatabaseAsync()).Replace("postgres@", $"postgres:{_secrets["DATABASE_URL"]}@", StringComparison.Ordinal);
        var secrets = new Dictionary<string, string>
        {
            [login] = login == "NATS_URL" ? $"nats://svc:{_secrets[login]}@127.0.0.1:{_nats.Port}" : _secrets[login],
            ["DATABASE_URL"] = database,
            ["NOTIFY_WEBHOOK_SECRET"] = _secrets["NOTIFY_WEBHOOK_SECRET"],
            ["NOTIFY_WEBHOOK_URL"] = $"http://127.0.0.1:{FreePort.Next()}/{_secrets["NOTIFY_WEBHOOK_URL"]}",
            ["NOTIFY_SMTP_PASSWORD"] = _secrets["NOTIFY_SMTP_PASSWORD"],
            ["NOTIFY_SMTP_URL"] = $"smtp://{_secrets["NOTIFY_SMTP_URL"]}@127.0.0.1:{FreePort.Next()}",
            ["TICKETS_CREDENTIAL"] = _secrets["TICKETS_CREDENTIAL"],
            ["AUTH_JWT_KEYS"] = _issuer.PublicPem,
        };
        (string, string)[] others =
        [
            ("NATS_USER", login == "NATS_PASSWORD" ? "svc" : string.Empty),
            ("UNRELATED_TOKEN", _secrets["UNRELATED_TOKEN"]), ("LOG_LEVEL", "trace"), ("AUTH_MODE", "jwt,api_key"), ("AUTH_JWT_ISSUER", TokenIssuer.Issuer),
            ("AUTH_JWT_AUDIENCE", TokenIssuer.Audience), ("NOTIFY_SEVERE", "webhook"), ("NOTIFY_ASSIGNED", "smtp"), ("NOTIFY_RETRY_SECONDS", "0.1"),
            ("NOTIFY_WEBHOOK_ALLOW_HTTP", "true"), ("NOTIFY_WEBHOOK_ALLOW_PRIVATE", "true"), ("NOTIFY_SMTP_FROM", "a@example.org"), ("NOTIFY_SMTP_TO", "b@example.org"),
        ];
        return [.. secrets.SelectMany(secret => fromFiles ? FileOf(secret.Key, secret.Value) : [(secret.Key, secret.Value)]), .. others];
    }

    // What the process is given by its own name would win. The fixture sets two of them, and reads one.
    private IEnumerable<(string, string)> FileOf(string key, string value)
    {
        var file = _folder.File(key);
        File.WriteAllText(file, value + "\n");
        return key == "DATABASE_URL" ? [(key, value)] : [(key, string.Empty), ($"{key}_FILE", file)];
    }

    private async Task AnswerAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        response.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError);
        Keep($"{response.RequestMessage!.RequestUri!.AbsolutePath} {(int)response.StatusCode} {response.Headers}", await response.Content.ReadAsStringAsync());
    }

    private void Keep(string what, string text) => _seen.Append("\n== ").Append(what).Append('\n').Append(text);
}
