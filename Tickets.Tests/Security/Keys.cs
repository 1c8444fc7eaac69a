using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

public sealed class KeysOnSqlite(SecuredService running) : Keys(running), IClassFixture<SecuredService>;

public sealed class KeysOnPostgreSql(SecuredOnPostgreSql running) : Keys(running), IClassFixture<SecuredOnPostgreSql>;

/// <summary>Which API keys are taken, and how operators make and end them.</summary>
public abstract class Keys(SecuredService running)
{
    private const string Path = "/api/v1/tickets";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TicketService _service = running.Service;
    private readonly string _tenant = RunningService.NewTenant();

    [Fact]
    public async Task a_key_is_made_shown_once_used_and_revoked_on_the_command_line()
    {
        var made = await _service.RunAsync("keys", "create", "ada", "--tenants", _tenant, "--json");
        made.ExitCode.ShouldBe(0, made.Output);
        var key = JsonDocument.Parse(made.Output).RootElement;
        var (id, text) = (key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
        text.ShouldStartWith($"tkt_{id}_");
        (await _service.CreateAsync(null, SignedIn.Bearer(text))).StatusCode.ShouldBe(HttpStatusCode.Created);

        var listed = await _service.RunAsync("keys", "list");
        listed.Output.Split('\n').Single(line => line.Contains(id, StringComparison.Ordinal)).ShouldContain("good");
        listed.Output.ShouldNotContain(text);
        Stored.Scalar<byte[]>(_service, $"SELECT hash FROM api_keys WHERE id = '{id}'")
            .ShouldBe(SHA256.HashData(Base64Url.DecodeFromChars(text.Split('_', 3)[2])));

        (await _service.RunAsync("keys", "revoke", id)).ExitCode.ShouldBe(0);
        await RefusedSoonAsync(text);
        (await _service.RunAsync("keys", "revoke", id)).ExitCode.ShouldNotBe(0);
        (await _service.RunAsync("keys", "list")).Output.Split('\n').Single(line => line.Contains(id, StringComparison.Ordinal)).ShouldContain("revoked");
    }

    [Fact]
    public async Task a_revoked_key_is_refused_within_seconds_however_busy_it_is()
    {
        var (id, text) = await _service.NewKeyAsync(_tenant);
        (await StatusAsync(text)).ShouldBe(HttpStatusCode.OK);

        await _service.RevokeKeyAsync(id);

        await RefusedSoonAsync(text);
    }

    [Fact]
    public async Task an_expired_key_is_refused()
    {
        var (_, text) = await _service.NewKeyAsync(_tenant, life: TimeSpan.FromSeconds(-1));

        (await StatusAsync(text)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task a_key_that_expires_while_it_is_used_is_refused_from_then_on()
    {
        var (_, text) = await _service.NewKeyAsync(_tenant, life: TimeSpan.FromSeconds(3));
        (await StatusAsync(text)).ShouldBe(HttpStatusCode.OK);

        await RefusedSoonAsync(text);
    }

    [Fact]
    public async Task the_secret_of_one_key_does_not_fit_another()
    {
        var (_, mine) = await _service.NewKeyAsync(_tenant);
        var (other, _) = await _service.NewKeyAsync("other");

        (await StatusAsync($"tkt_{other}_{mine.Split('_', 3)[2]}")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("say for which tenants", "keys", "create", "ada")]
    [InlineData("say for which tenants", "keys", "create", "ada", "--tenants", "a.b")]
    [InlineData("--scopes are some of", "keys", "create", "ada", "--tenants", "acme", "--scopes", "all")]
    [InlineData("--days is", "keys", "create", "ada", "--tenants", "acme", "--days", "-1")]
    [InlineData("there is no key", "keys", "revoke", "nothing")]
    public async Task what_can_not_be_done_is_said_in_one_line(string fault, params string[] words)
    {
        var (exitCode, output) = await _service.RunAsync(words);

        exitCode.ShouldNotBe(0);
        output.ShouldContain(fault);
    }

    private Task RefusedSoonAsync(string text) => Eventually.Async(
        () => StatusAsync(text), status => status == HttpStatusCode.Unauthorized, Limit, "the key is refused");

    private async Task<HttpStatusCode> StatusAsync(string text)
    {
        using var response = await _service.GetAsync(_tenant, Path, SignedIn.Bearer(text));
        return response.StatusCode;
    }
}
