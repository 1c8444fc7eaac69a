using Microsoft.Extensions.Logging.Abstractions;
using NatsServers;
using Npgsql;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Handlers.Units;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Storage;

/// <summary>A command that one process handles while another, which heard no ack, withdraws it.</summary>
public sealed class WithdrawalRaces
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task who_withdraws_waits_for_the_handler_and_finds_its_outcome()
    {
        var target = (StorageTarget.PostgreSql)StorageTarget.Parse(await SharedPostgreSql.NewDatabaseAsync());
        using var worker = new PostgreSqlDatabase(target.ConnectionString);
        using var api = new PostgreSqlDatabase(target.ConnectionString);
        await using var handling = new GroupCommitter(worker, NullLogger<GroupCommitter>.Instance);
        await using var withdrawing = new GroupCommitter(api, NullLogger<GroupCommitter>.Instance);
        var key = new CommandKey(Tenant, Guid.NewGuid());
        var ledger = new Ledger(worker, TimeProvider.System);
        var written = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        var handled = handling.CommitAsync(new Handled(ledger, key, written, held.Task), default);
        await written.Task.WaitAsync(Limit);

        var withdrawal = new CommandWithdrawal(withdrawing, new Ledger(api, TimeProvider.System), NullLogger<CommandWithdrawal>.Instance)
            .WithdrawAsync(Tenant, key.CommandId, Limit);
        await Eventually.Async(() => WaitsAsync(target.ConnectionString), waits => waits, Limit, "it waits for the handler's row");
        held.SetResult();

        await handled;
        (await withdrawal)!.Status.ShouldBe(201);
    }

    private static async Task<bool> WaitsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND NOT l.granted)", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Handled(Ledger ledger, CommandKey key, TaskCompletionSource written, Task held) : IUnitOfWork
    {
        public string? Tenant => key.Tenant;

        public async ValueTask ApplyAsync(System.Data.Common.DbTransaction transaction, CancellationToken cancellation)
        {
            await ledger.InsertAsync(transaction, key, new LedgerEntry(201, "{}"), cancellation);

            // What is read has everything before it sent.
            (await ledger.FindAsync(transaction, key, cancellation)).ShouldNotBeNull();
            written.SetResult();
            await held;
        }
    }
}
