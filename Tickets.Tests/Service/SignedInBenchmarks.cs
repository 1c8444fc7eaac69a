using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary><c>bench</c>, where everybody has to sign in.</summary>
public sealed class SignedInBenchmarks(SecuredService running) : IClassFixture<SecuredService>, IDisposable
{
    private const string Setting = "TICKETS_CREDENTIAL";
    private readonly TicketService _service = running.Service;
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("http")]
    [InlineData("accept")]
    [InlineData("reads")]
    public async Task an_api_key_for_all_tenants_lets_it_in(string workload)
    {
        var (_, key) = await _service.NewKeyAsync("*");

        var (exitCode, output) = await BenchAsync(workload, (Setting, key));

        exitCode.ShouldBe(0, output);
        output.ShouldContain($"{workload}: 50 in ");
    }

    [Fact]
    public async Task so_does_a_token_that_a_file_has()
    {
        await File.WriteAllTextAsync(_folder.File("token"), running.Issuer.Good("*") + "\n");

        var (exitCode, output) = await BenchAsync("http", ($"{Setting}_FILE", _folder.File("token")));

        exitCode.ShouldBe(0, output);
    }

    [Theory]
    [InlineData(null, null, "the service answers 401 (Send a credential: Authorization: Bearer, and a token or an API key); set TICKETS_CREDENTIAL")]
    [InlineData("acme", "tickets:read tickets:write", "the service answers 403 (The credential is not for the tenant 'bench-")]
    [InlineData("*", "tickets:read", "the service answers 403 (The credential does not have the scope tickets:write); set TICKETS_CREDENTIAL")]
    public async Task what_keeps_it_out_is_one_line_that_says_what_to_set(string? tenants, string? scopes, string line)
    {
        var key = tenants is null ? string.Empty : (await _service.NewKeyAsync(tenants, scopes!)).Text;

        var (exitCode, output) = await BenchAsync("http", (Setting, key));

        exitCode.ShouldBe(1, output);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldHaveSingleItem().ShouldStartWith($"FAIL  {line}");
        output.ShouldContain("or TICKETS_CREDENTIAL_FILE, to a token or an API key that reads and writes for all tenants, such as ./tickets keys create bench --tenants '*' makes");
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("one\r\nX-Evil: 1")]
    public async Task a_credential_that_no_header_can_have_is_refused_and_not_shown(string credential)
    {
        var (exitCode, output) = await BenchAsync("http", (Setting, credential));

        exitCode.ShouldBe(2, output);
        output.Trim().ShouldBe($"{Setting} is '***': write an API key or a token: one word of printable ASCII characters.");
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output)> BenchAsync(string workload, (string, string) credential) =>
        _service.Process.RunAsync(["bench", workload, "--count", "50", "--concurrency", "4"], credential);
}
