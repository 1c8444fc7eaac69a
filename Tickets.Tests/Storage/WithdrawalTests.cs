using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;

namespace Tickets.Tests.Storage;

public sealed class WithdrawalTests : IAsyncDisposable
{
    private const string Tenant = "acme";
    private readonly StoreFixture _fixture = new();
    private readonly Ledger _ledger;
    private readonly CommandWithdrawal _withdrawal;

    public WithdrawalTests()
    {
        _ledger = new Ledger(_fixture.Database, _fixture.Clock);
        _withdrawal = new CommandWithdrawal(_fixture.Committer, _ledger, NullLogger<CommandWithdrawal>.Instance);
    }

    // Found by the fault suite: "two workers race for the same deliveries", seed 1.
    [Fact]
    public async Task a_command_is_withdrawn_also_when_its_caller_has_no_time_left()
    {
        var id = Guid.NewGuid();

        (await _withdrawal.WithdrawAsync(Tenant, id, TimeSpan.FromSeconds(-3))).ShouldBeNull();

        await NatsServers.Eventually.Async(
            async () => await _ledger.FindAsync(new CommandKey(Tenant, id), default), entry => entry?.Status == 503, TimeSpan.FromSeconds(10), "the withdrawal is written");
    }

    // Found by the fault suite: "two workers race for the same deliveries", seed 400. "It never will" was said of a command that had taken effect.
    [Fact]
    public async Task nothing_is_said_of_a_command_that_the_database_has_not_told_of()
    {
        var id = Guid.NewGuid();
        await using (var other = new SqliteConnection($"Data Source={_fixture.Database.Path};Pooling=false"))
        {
            await other.OpenAsync();
            await other.ExecuteAsync("BEGIN IMMEDIATE");

            await Should.ThrowAsync<TimeoutException>(() => _withdrawal.WithdrawAsync(Tenant, id, TimeSpan.Zero));
        }

        await NatsServers.Eventually.Async(
            async () => await _ledger.FindAsync(new CommandKey(Tenant, id), default), entry => entry?.Status == 503, TimeSpan.FromSeconds(10), "the withdrawal is written");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
