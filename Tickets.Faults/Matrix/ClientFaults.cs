using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NatsServers;
using Tickets.Faults.Ledger;
using Tickets.Faults.Load;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Matrix;

/// <summary>What clients and operators may send.</summary>
internal static class ClientFaults
{
    private const int Extra = 1_000_000;
    private const string Tenant = "acme";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static IEnumerable<Fault> All =>
    [
        new("poison", new RigPlan(), PoisonAsync) { LeavesDeadLetters = true },
        new("a command repeated now, later, and after a restart", new RigPlan(), RepeatAsync),
        new("one Idempotency-Key twenty times at once", new RigPlan(), SameKeyAsync),
        new("fifty writers with one If-Match", new RigPlan(), WritersAsync),
        new("dead letter replayed at once and while redelivered", new RigPlan(), ReplayAsync) { LeavesDeadLetters = true },
    ];

    private static async Task PoisonAsync(FaultRun run)
    {
        (string Subject, string Body)[] poison =
        [
            ("ticket.commands.acme.create", "{\"title\": \"half"),
            ("ticket.commands.acme.create", string.Concat(Enumerable.Repeat("[", 500))),
            ("ticket.commands.acme.create", $"{{\"title\": {string.Concat(Enumerable.Repeat("{\"a\":", 100))}1{new string('}', 101)}"),
            ("ticket.commands.acme.create", "{\"title\": 7, \"created_by\": []}"),
            ("ticket.commands.acme.create", "{\"title\": \"x\", \"created_by\": \"y\", \"surprise\": true}"),
            ("ticket.commands.acme.create", "{\"title\": \"\", \"created_by\": \"y\"}"),
            ("ticket.commands.acme.create", "null"),
            ("ticket.commands.acme.create", string.Empty),
            ("ticket.commands.acme.explode", "{\"title\": \"x\", \"created_by\": \"y\"}"),
            ("ticket.commands.bad!tenant.create", "{\"title\": \"x\", \"created_by\": \"y\"}"),
            ("ticket.commands.acme.create.more", "{\"title\": \"x\", \"created_by\": \"y\"}"),
            ("ticket.commands.acme.update", "{\"ticket_id\": \"none\", \"title\": \"x\"}"),
            ("ticket.commands.acme.create", $"{{\"title\": \"x\", \"created_by\": \"y\", \"description\": \"{new string('d', 900_000)}\"}}"),
        ];
        var jetStream = new NatsJSContext(run.Rig.Nats);
        foreach (var (subject, body) in poison.OrderBy(_ => run.Random.Next()))
        {
            (await jetStream.PublishAsync(subject, Encoding.UTF8.GetBytes(body))).EnsureSuccess();
        }

        run.Healed();
        await Eventually.Async(async () => (await DeadLetterLog.ReadAsync(run.Rig.Nats)).Count, count => count >= poison.Length, Limit, "each of them is a dead letter");
        await run.TakenAsync(60);

        // Longer than a delivery waits: one that is not settled would leave another.
        await run.LastAsync(6, 7);
        var letters = await DeadLetterLog.ReadAsync(run.Rig.Nats);
        run.Expect(
            letters.Select(letter => letter.Subject).Order().SequenceEqual(poison.Select(p => p.Subject).Order()),
            $"{poison.Length} poisonous messages left {letters.Count} dead letters: {string.Join(", ", letters)}");
    }

    private static async Task RepeatAsync(FaultRun run)
    {
        var command = new LoadCommand(Extra, Tenant, CommandKind.Create, OverNats: true);
        await PublishAsync(run, command);
        await PublishAsync(run, command);
        await ForgetIdsAsync(run);
        await PublishAsync(run, command);
        var service = run.OneOf(run.Rig.Services);
        await service.StopAsync();
        run.Healed();
        await service.StartAsync();
        await PublishAsync(run, command);
        Note(run, command, Outcome.Taken);
    }

    private static async Task SameKeyAsync(FaultRun run)
    {
        var command = new LoadCommand(Extra, Tenant, CommandKind.Create, OverNats: false);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var response = await SendAsync(run, i, HttpMethod.Post, "/api/v1/tickets", new { title = command.Key, created_by = "load" }, ("Idempotency-Key", command.Key), ("Prefer", "wait=10"));
            return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
        }));
        run.Healed();
        run.Expect(answers.All(answer => answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict), $"answers: {string.Join(", ", answers)}");
        run.Expect(answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Distinct().Count() == 1, $"different answers: {string.Join(", ", answers.Distinct())}");
        Note(run, command, Outcome.Taken);
    }

    private static async Task WritersAsync(FaultRun run)
    {
        var creation = new LoadCommand(Extra, Tenant, CommandKind.Create, OverNats: false);
        using var created = await SendAsync(run, 0, HttpMethod.Post, "/api/v1/tickets", new { title = creation.Key, created_by = "load" });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        Note(run, creation, Outcome.Taken);
        var statuses = await Task.WhenAll(Enumerable.Range(1, 50).Select(async i =>
        {
            var command = new LoadCommand(Extra + i, Tenant, CommandKind.Update, OverNats: false, id);
            using var response = await SendAsync(run, i, HttpMethod.Patch, $"/api/v1/tickets/{id}", new { title = command.Key }, ("If-Match", "\"1\""), ("Prefer", "wait=20"));
            Note(run, command, response.StatusCode == HttpStatusCode.OK ? Outcome.Taken : Outcome.Refused);
            return (int)response.StatusCode;
        }));
        run.Healed();
        run.Expect(statuses.Count(status => status == 200) == 1 && statuses.Count(status => status == 412) == 49, $"fifty writers got {string.Join(' ', statuses)}");
    }

    // A letter as a worker leaves it that dies right after it has stored one: the command's own delivery comes again.
    private static async Task ReplayAsync(FaultRun run)
    {
        var command = new LoadCommand(Extra, Tenant, CommandKind.Create, OverNats: true);
        var id = Guid.NewGuid().ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { title = command.Key, created_by = "load" });
        var jetStream = new NatsJSContext(run.Rig.Nats);
        var headers = new NatsHeaders
        {
            ["Dlq-Subject"] = $"ticket.commands.{Tenant}.create",
            ["Dlq-Stream"] = "TICKET_COMMANDS",
            ["Dlq-Consumer"] = "ticket-workers",
            ["Dlq-Msg-Id"] = id,
            ["Dlq-Reason"] = "InvalidOperationException: by chance",
        };
        var letter = (await jetStream.PublishAsync($"dlq.ticket.{Tenant}.create", body, headers: headers)).Seq;
        var path = $"/api/v1/dead-letters/{letter}/replay";
        run.Healed();
        await Task.WhenAll(
            run.Rig.Services[0].RunAsync("dlq", "replay", $"{letter}"),
            RedeliverAsync(),
            Task.WhenAll(Enumerable.Range(0, 4).Select(async i => (await SendAsync(run, i, HttpMethod.Post, path, body: null)).Dispose())));
        using var again = await SendAsync(run, 0, HttpMethod.Post, path, body: null);
        run.Expect((int)again.StatusCode is 200 or 202, $"a replay once more was answered with {(int)again.StatusCode}");
        Note(run, command, Outcome.Taken);

        async Task RedeliverAsync()
        {
            await run.LastAsync(0, 3);
            await jetStream.PublishAsync($"ticket.commands.{Tenant}.create", body, opts: new NatsJSPubOpts { MsgId = id });
        }
    }

    private static void Note(FaultRun run, LoadCommand command, Outcome outcome) =>
        run.Load.History.Enqueue(new SentCommand(command, outcome, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow));

    private static async Task PublishAsync(FaultRun run, LoadCommand command) => (await new NatsJSContext(run.Rig.Nats).PublishAsync(
        $"ticket.commands.{command.Tenant}.create",
        JsonSerializer.SerializeToUtf8Bytes(new { title = command.Key, created_by = "load" }),
        opts: new NatsJSPubOpts { MsgId = command.Key })).EnsureStored();

    // What ten minutes do to an id in production: its stream recognises no repeat any more.
    private static async Task ForgetIdsAsync(FaultRun run)
    {
        var jetStream = new NatsJSContext(run.Rig.Nats);
        var stream = await jetStream.GetStreamAsync("TICKET_COMMANDS");
        stream.Info.Config.DuplicateWindow = TimeSpan.FromMilliseconds(100);
        await jetStream.UpdateStreamAsync(stream.Info.Config);
        await run.LastAsync(0.5, 1);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        FaultRun run, int at, HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        request.Headers.Add("X-Tenant-ID", Tenant);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await run.Rig.Services[at % run.Rig.Services.Count].Http.SendAsync(request);
    }

    private static void EnsureStored(this PubAckResponse ack)
    {
        if (ack.Error is { } error)
        {
            throw new InvalidOperationException($"The command was refused: {error.Description}");
        }
    }
}
