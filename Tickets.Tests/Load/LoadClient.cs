using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Load;

/// <summary>
/// Sends commands over HTTP and NATS as a careful client does: with a key of its own for each, again and again until it is
/// told that the command was taken, to whichever process answers.
/// </summary>
public sealed class LoadClient(IReadOnlyList<TicketService> services, INatsConnection nats)
{
    private const int Senders = 32;
    private const int UpdateEvery = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] Tenants = ["acme", "globex", "initech", "umbrella"];

    private readonly NatsJSContext _jetStream = new(nats);
    private readonly ConcurrentDictionary<string, string> _lastTicketOf = new();
    private int _taken;

    /// <summary>How many commands were taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>All commands that were taken.</summary>
    public ConcurrentBag<LoadCommand> History { get; } = [];

    /// <summary>Answers that no careful client should get, whatever is killed.</summary>
    public ConcurrentBag<string> Surprises { get; } = [];

    /// <summary>Returns when all of them were taken.</summary>
    public async Task SendAsync(int first, int count) => await Parallel.ForEachAsync(
        Enumerable.Range(first, count),
        new ParallelOptions { MaxDegreeOfParallelism = Senders },
        async (number, cancellation) =>
        {
            var tenant = Tenants[number % Tenants.Length];
            var overNats = number / Tenants.Length % 2 == 0;
            var isUpdate = overNats && number % UpdateEvery == 0 && _lastTicketOf.ContainsKey(tenant);
            var command = new LoadCommand(number, tenant, overNats, isUpdate);
            while (!await TrySendAsync(command, number))
            {
                await Task.Delay(Pause, cancellation);
            }

            History.Add(command);
            Interlocked.Increment(ref _taken);
        });

    private Task<bool> TrySendAsync(LoadCommand command, int at) => command.OverNats ? TryPublishAsync(command) : TryPostAsync(command, at);

    private async Task<bool> TryPublishAsync(LoadCommand command)
    {
        object body = command.IsUpdate
            ? new { ticket_id = _lastTicketOf[command.Tenant], title = command.Key }
            : new { title = command.Key, created_by = "load" };
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var ack = await _jetStream.PublishAsync(
                $"ticket.commands.{command.Tenant}.{(command.IsUpdate ? "update" : "create")}",
                JsonSerializer.SerializeToUtf8Bytes(body),
                opts: new NatsJSPubOpts { MsgId = command.Key },
                cancellationToken: patience.Token);
            return ack.Error is null;
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException)
        {
            // Not known: sent again under the same key.
            return false;
        }
    }

    private async Task<bool> TryPostAsync(LoadCommand command, int at)
    {
        for (var i = 0; i < services.Count; i++)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                using var response = await services[(at + i) % services.Count]
                    .PostAsync(command.Tenant, JsonContent.Create(new { title = command.Key, created_by = "load" }), ("Idempotency-Key", command.Key))
                    .WaitAsync(patience.Token);
                if (await IsTakenAsync(response, command))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // Not known: sent again under the same key, to the next process.
            }
        }

        return false;
    }

    private async Task<bool> IsTakenAsync(HttpResponseMessage response, LoadCommand command)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.Created:
                _lastTicketOf[command.Tenant] = (await response.JsonAsync()).GetProperty("id").GetString()!;
                return true;
            case HttpStatusCode.Accepted:
                return true;
            case HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict:
                return false;
            default:
                Surprises.Add($"{command.Key}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                return false;
        }
    }
}
