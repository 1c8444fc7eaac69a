using System.Data.Common;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Storage;

/// <summary>Two processes whose groups take the same rows in opposite order: PostgreSQL ends one of the two.</summary>
public sealed class Collisions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task the_one_that_is_ended_is_written_all_the_same_and_nothing_is_said_to_be_wrong()
    {
        var target = (StorageTarget.PostgreSql)StorageTarget.Parse(await SharedPostgreSql.NewDatabaseAsync());
        using var here = new PostgreSqlDatabase(target.ConnectionString);
        using var there = new PostgreSqlDatabase(target.ConnectionString);
        var log = new LogLines<GroupCommitter>();
        await using var one = new GroupCommitter(here, log);
        await using var other = new GroupCommitter(there, log);
        CommandKey[] keys = [new("acme", Guid.NewGuid()), new("acme", Guid.NewGuid())];
        using var meeting = new CountdownEvent(2);
        var (first, second) = (new Crossing(new Ledger(here, TimeProvider.System), keys, meeting), new Crossing(new Ledger(there, TimeProvider.System), [.. keys.Reverse()], meeting));

        (second.Other, first.Other) = (one.CommitAsync(first, default), other.CommitAsync(second, default));
        await Task.WhenAll(first.Other, second.Other).WaitAsync(Limit);

        (first.Runs + second.Runs).ShouldBe(3);
        (first.Written + second.Written).ShouldBe(2);
        log.ShouldBeEmpty();
    }

    private sealed class Crossing(Ledger ledger, CommandKey[] keys, CountdownEvent meeting) : IUnitOfWork
    {
        public string? Tenant => keys[0].Tenant;

        /// <summary>The commit that it meets, and waits for when it runs again.</summary>
        public Task Other { get; set; } = Task.CompletedTask;

        public int Runs { get; private set; }

        public int Written { get; private set; }

        public async ValueTask ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
        {
            (Runs, Written) = (Runs + 1, 0);
            await (Runs > 1 ? Other : Task.CompletedTask);
            foreach (var key in keys)
            {
                if (await ledger.FindAsync(transaction, key, cancellation) is null)
                {
                    await ledger.InsertAsync(transaction, key, new LedgerEntry(201, "{}"), cancellation);
                    Written++;
                }

                // What is read has everything before it sent.
                (await ledger.FindAsync(transaction, key, cancellation)).ShouldNotBeNull();
                if (Runs == 1 && key == keys[0])
                {
                    meeting.Signal();
                    await Task.Run(() => meeting.Wait(Limit, cancellation), cancellation);
                }
            }
        }
    }
}
