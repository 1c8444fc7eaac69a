using System.Data.Common;
using Dapper;
using NatsServers;
using Tickets.Faults.Load;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What happens to the database.</summary>
internal static class DatabaseFaults
{
    private static readonly RigPlan One = new();
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static IEnumerable<Fault> All =>
    [
        OnPostgreSql("PostgreSQL killed and started", RestartAsync) with { IsRepeatable = true },
        OnPostgreSql("PostgreSQL frozen", FreezeAsync) with { IsRepeatable = true },
        OnPostgreSql("PostgreSQL tables locked for 10 s", LockAsync) with { IsRepeatable = true },
        OnPostgreSql("PostgreSQL rows of one tenant locked for 10 s", HoldRowsAsync) with { IsRepeatable = true },
        OnPostgreSql("PostgreSQL deadlocks", DeadlockAsync) with { IsRepeatable = true },
        OnPostgreSql("PostgreSQL ends all connections", EndConnectionsAsync) with { IsRepeatable = true },
        OnPostgreSql("PostgreSQL fails over to its standby", FailOverAsync),
        OnPostgreSql("answers to commits lost", LoseAnswersAsync) with { Plan = new RigPlan { LosesCommitAnswers = true } },
        OnSqlite("SQLite locked by another process for 10 s", LockFileAsync),
        OnSqlite("SQLite log with a torn tail", TearAsync),
        OnSqlite("SQLite log damaged", DamageAsync) with { LosesTheTail = true, LeavesDeadLetters = true },
    ];

    private static Fault OnPostgreSql(string name, Func<FaultRun, Task> inject) => new(name, One, inject) { Storages = [StorageKind.PostgreSql] };

    private static Fault OnSqlite(string name, Func<FaultRun, Task> inject) => new(name, One, inject) { Storages = [StorageKind.Sqlite] };

    private static PostgreSqlServer ServerOf(FaultRun run) => ((TestDatabase.PostgreSql)run.Rig.Database).Server;

    private static async Task RestartAsync(FaultRun run)
    {
        await ServerOf(run).KillAsync();
        await run.LastAsync(0.2, 5);
        run.Healed();
        await ServerOf(run).StartAgainAsync();
    }

    private static async Task FreezeAsync(FaultRun run)
    {
        ServerOf(run).Suspend();
        await run.LastAsync(8, 20);
        run.Healed();
        ServerOf(run).Resume();
    }

    private static async Task LockAsync(FaultRun run)
    {
        await using var other = await run.Rig.Database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync($"LOCK TABLE {run.OneOf(["tickets", "ledger", "audit", "wolverine.wolverine_outgoing_envelopes"])} IN ACCESS EXCLUSIVE MODE");
        await run.LastAsync(9, 11);
        run.Healed();
        await transaction.RollbackAsync();
    }

    // An operator's transaction that was left open. Nobody else's commands may wait for it.
    private static async Task HoldRowsAsync(FaultRun run)
    {
        const string Others = "SELECT count(*) FROM tickets WHERE tenant <> @tenant";
        var tenant = new { tenant = LoadMix.Tenants[0] };
        await using var other = await run.Rig.Database.OpenAsync();
        await using var transaction = await HoldRowsAsync(other, tenant);
        await run.LastAsync(4, 5);
        var before = await other.ExecuteScalarAsync<int>(Others, tenant);
        await run.LastAsync(5, 6);
        run.Expect(await other.ExecuteScalarAsync<int>(Others, tenant) > before, "commands of other tenants waited too");
        run.Healed();
        await transaction.RollbackAsync();
    }

    // The service wants rows of both tables, too: of two who wait for each other the server ends one, now it, now this.
    private static async Task<DbTransaction> HoldRowsAsync(DbConnection other, object tenant)
    {
        while (true)
        {
            var transaction = await other.BeginTransactionAsync();
            try
            {
                await other.ExecuteAsync("SELECT FROM ticket_numbers WHERE tenant = @tenant FOR UPDATE; SELECT FROM tickets WHERE tenant = @tenant FOR UPDATE", tenant);
                return transaction;
            }
            catch (Npgsql.PostgresException e) when (e.SqlState is Npgsql.PostgresErrorCodes.DeadlockDetected)
            {
                await transaction.DisposeAsync();
            }
        }
    }

    // Others who want the same rows in another order: the server picks a victim, now them, now the service.
    private static async Task DeadlockAsync(FaultRun run)
    {
        for (var i = 0; i < 4; i++)
        {
            await Task.WhenAll(WriteAsync(run, "tickets", "ticket_numbers"), WriteAsync(run, "ticket_numbers", "tickets"));
        }

        run.Healed();
    }

    private static async Task WriteAsync(FaultRun run, string first, string second)
    {
        await using var other = await run.Rig.Database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        try
        {
            await HoldAsync(other, first);
            await HoldAsync(other, second);
            await transaction.RollbackAsync();
        }
        catch (Npgsql.PostgresException e) when (e.SqlState is Npgsql.PostgresErrorCodes.DeadlockDetected)
        {
            // The victim was this one.
        }
    }

    private static async Task HoldAsync(DbConnection other, string table) =>
        await other.ExecuteAsync($"SELECT FROM {table} FOR UPDATE; SELECT pg_sleep(0.3)");

    private static async Task EndConnectionsAsync(FaultRun run)
    {
        for (var i = run.Random.Next(1, 5); i > 0; i--)
        {
            await ServerOf(run).ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'db_%'");
            await run.LastAsync(0.05, 0.5);
        }

        run.Healed();
    }

    // Behind one address, as a virtual one or a proxy gives it.
    private static async Task FailOverAsync(FaultRun run)
    {
        await ServerOf(run).AddStandbyAsync();
        await run.TakenAsync(60);
        await ServerOf(run).KillAsync();
        await run.LastAsync(0.2, 3);
        run.Healed();
        await ServerOf(run).FailOverAsync();
    }

    private static async Task LoseAnswersAsync(FaultRun run)
    {
        var proxy = ((TestDatabase.PostgreSql)run.Rig.Database).Proxy!;
        for (var i = 0; i < 3; i++)
        {
            proxy.Lose(run.Random.Next(1, 6));
            await Eventually.Async(() => proxy.ToLose <= 0, Limit, "the answers are lost");
        }

        run.Healed();
    }

    private static async Task LockFileAsync(FaultRun run)
    {
        await using var other = await ((TestDatabase.Sqlite)run.Rig.Database).OpenWriterAsync();
        await other.ExecuteAsync("BEGIN IMMEDIATE");
        await run.LastAsync(9, 11);
        run.Healed();
        await other.ExecuteAsync("ROLLBACK");
    }

    // What a power cut in the middle of a write leaves behind the last commit.
    private static Task TearAsync(FaultRun run) => WhileDeadAsync(run, log =>
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite);
        var frame = new byte[run.Random.Next(1, 3 * 4120)];
        if (run.Random.Next(2) == 0)
        {
            run.Random.NextBytes(frame);
        }
        else
        {
            // Looks like a frame, of an earlier commit.
            file.Position = Math.Min(32, file.Length);
            _ = file.Read(frame);
        }

        file.Position = file.Length;
        file.Write(frame);
    });

    private static Task DamageAsync(FaultRun run) => WhileDeadAsync(run, log =>
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite);
        if (run.Random.Next(2) == 0)
        {
            file.SetLength(run.Random.NextInt64(file.Length / 2, file.Length));
            return;
        }

        var damage = new byte[64];
        run.Random.NextBytes(damage);
        file.Position = run.Random.NextInt64(file.Length / 2, Math.Max((file.Length / 2) + 1, file.Length - damage.Length));
        file.Write(damage);
    });

    private static async Task WhileDeadAsync(FaultRun run, Action<string> change)
    {
        var service = run.Rig.Services[0];
        var database = (TestDatabase.Sqlite)run.Rig.Database;
        await service.KillAsync();
        change($"{database.File}-wal");
        run.Healed();
        await service.StartAsync();
        await using var connection = await database.OpenAsync();
        var integrity = await connection.ExecuteScalarAsync<string>("PRAGMA integrity_check");
        run.Expect(integrity == "ok", $"integrity_check: {integrity}");
    }
}
