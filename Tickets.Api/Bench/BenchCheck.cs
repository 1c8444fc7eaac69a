using Dapper;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Events;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Bench;

/// <summary>Waits until all that the commands of a run cause is there, and counts it.</summary>
internal sealed class BenchCheck(INatsJSContext jetStream, Database database, IOutgoingMessages outbox)
{
    private static readonly string[] Caused =
        [WireNames.Events[typeof(TicketCreated)], WireNames.Events[typeof(AuditRecorded)], WireNames.Events[typeof(NotificationRequested)]];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Dictionary<string, long> _before = [];

    /// <summary>Notes what is there already.</summary>
    public async Task BeginAsync() => _before = await CountAsync();

    /// <summary>
    /// Returns when as many of the commands in their stream are handled, and have about all of their events, or nothing moves any more.
    /// </summary>
    /// <param name="commands">How many commands.</param>
    /// <param name="queued">How many the stream had at first.</param>
    /// <param name="progress">Told how many are through.</param>
    public async Task IsThroughAsync(int commands, int queued, Action<long> progress)
    {
        var moved = DateTimeOffset.UtcNow;
        for (long last = 0; ;)
        {
            // Delivered notifications are events too: by events alone, more would seem through than are.
            var left = (await StreamAsync(Subjects.CommandStream, new StreamInfoRequest())).State.Messages;
            var through = Math.Min(queued - left, await ProgressAsync());
            if (through >= commands || DateTimeOffset.UtcNow - moved > Patience)
            {
                return;
            }

            progress(through);
            (last, moved) = through > last ? (through, DateTimeOffset.UtcNow) : (last, moved);
            await Task.Delay(Often);
        }
    }

    /// <summary>Returns when every command has all of its events in the stream and the outbox is empty, or nothing moves any more.</summary>
    /// <param name="commands">How many commands.</param>
    /// <param name="progress">Told how many are through.</param>
    public async Task WaitAsync(int commands, Action<long> progress)
    {
        var moved = DateTimeOffset.UtcNow;
        for (long last = 0; ;)
        {
            var through = await ProgressAsync();
            progress(Math.Min(through, commands));
            if ((through >= commands && await IsCompleteAsync(commands)) || DateTimeOffset.UtcNow - moved > Patience)
            {
                return;
            }

            (last, moved) = through > last ? (through, DateTimeOffset.UtcNow) : (last, moved);
            await Task.Delay(Pause);
        }
    }

    /// <summary>What is missing or too much.</summary>
    /// <param name="tickets">The run.</param>
    /// <param name="commands">How many commands.</param>
    public async Task<IReadOnlyList<string>> FaultsAsync(BenchTickets tickets, int commands)
    {
        List<string> faults = [];
        long stored = 0;
        foreach (var tenant in tickets.Tenants)
        {
            await using var reader = await database.OpenReaderAsync(tenant, CancellationToken.None);
            stored += await reader.ExecuteScalarAsync<long>("SELECT count(*) FROM tickets WHERE tenant = @tenant", new { tenant });
        }

        Expect("tickets are stored", stored);
        var now = await CountAsync();
        foreach (var type in Caused)
        {
            Expect($"{type} are in the stream", now.GetValueOrDefault(type) - _before.GetValueOrDefault(type));
        }

        // What the notifications have caused since is on its way as well.
        for (var began = DateTimeOffset.UtcNow; await OutboxAsync() is > 0 and var left; await Task.Delay(Pause))
        {
            if (DateTimeOffset.UtcNow - began > Patience)
            {
                faults.Add($"{left} messages are left in the outbox");
                break;
            }
        }

        return faults;

        void Expect(string what, long found)
        {
            if (found != commands)
            {
                faults.Add($"{found} {what}, expected {commands}");
            }
        }
    }

    // About how many commands are through. To count by subject would have the server go through the whole stream.
    private async Task<long> ProgressAsync()
    {
        var stream = await StreamAsync(Subjects.EventStream, new StreamInfoRequest());
        return ((long)stream.State.Messages - _before.Values.Sum()) / Caused.Length;
    }

    private async Task<bool> IsCompleteAsync(int commands)
    {
        var now = await CountAsync();
        return Array.TrueForAll(Caused, type => now.GetValueOrDefault(type) - _before.GetValueOrDefault(type) >= commands)
            && await OutboxAsync() == 0;
    }

    private async Task<long> OutboxAsync() => (await outbox.LookAsync(int.MaxValue, CancellationToken.None)).Messages;

    private async Task<Dictionary<string, long>> CountAsync() =>
        (await StreamAsync(Subjects.EventStream, new StreamInfoRequest { SubjectsFilter = ">" })).State.Subjects?.ToDictionary(x => x.Key, x => x.Value) ?? [];

    private async Task<StreamInfo> StreamAsync(string name, StreamInfoRequest request)
    {
        while (true)
        {
            try
            {
                return (await jetStream.GetStreamAsync(name, request)).Info;
            }
            catch (NatsJSApiNoResponseException)
            {
                // The server is busy with what is being measured.
            }
        }
    }
}
