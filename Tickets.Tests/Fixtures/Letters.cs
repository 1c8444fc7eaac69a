using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>
/// Dead letters as a worker leaves them that dies right after it has stored one: nothing is in the ledger yet, and the
/// command's own delivery may still come again.
/// </summary>
public static class Letters
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The letter of a command.</summary>
    /// <returns>Its sequence.</returns>
    public static Task<ulong> WriteLetterAsync(
        this NatsServer nats, string tenant, string verb, string body, string messageId, params (string Name, string Value)[] headers) =>
        nats.WriteAsync(
            $"dlq.ticket.{tenant}.{verb}",
            body,
            [("Dlq-Subject", $"ticket.commands.{tenant}.{verb}"), ("Dlq-Stream", "TICKET_COMMANDS"), ("Dlq-Consumer", "ticket-workers"), ("Dlq-Msg-Id", messageId), ("Dlq-Reason", "InvalidOperationException: by chance"), .. headers]);

    /// <summary>The letter of an event that names its tenant.</summary>
    /// <returns>Its sequence.</returns>
    public static Task<ulong> WriteEventLetterAsync(this NatsServer nats, string tenant, string subject, string body) =>
        nats.WriteEventLetterAsync(tenant, subject, body, ("tenant", tenant));

    /// <summary>The letter of an event.</summary>
    /// <returns>Its sequence.</returns>
    public static Task<ulong> WriteEventLetterAsync(
        this NatsServer nats, string token, string subject, string body, params (string Name, string Value)[] headers) => nats.WriteAsync(
        $"dlq.ticket.{token}.{subject.Replace('.', '_')}",
        body,
        [
            ("Dlq-Subject", subject), ("Dlq-Stream", "TICKET_EVENTS"), ("Dlq-Consumer", "notifier"), ("Dlq-Reason", "InvalidOperationException: by chance"),
            ("ce-specversion", "1.0"), ("ce-type", subject), ("ce-source", "/ticket-svc"), ("ce-id", Guid.NewGuid().ToString()), ("Content-Type", "application/json"), .. headers,
        ]);

    public static string PathOf(ulong sequence) => $"/api/v1/dead-letters/{sequence}";

    /// <summary>Replays a letter; gives the status of the answer.</summary>
    public static async Task<int> ReplayAsync(this TicketService service, string tenant, ulong sequence)
    {
        using var response = await service.SendAsync(HttpMethod.Post, tenant, $"{PathOf(sequence)}/replay", body: null);
        return (int)response.StatusCode;
    }

    /// <summary>What has come of a letter, once its status is this.</summary>
    public static Task<JsonElement> FateAsync(this TicketService service, string tenant, ulong sequence, string status) => Eventually.Async(
        async () =>
        {
            using var response = await service.GetAsync(tenant, PathOf(sequence));
            return (await response.JsonAsync()).GetProperty("replay");
        },
        replay => replay.GetProperty("status").GetString() == status,
        Limit,
        $"letter {sequence} is {status}");

    /// <summary>What ten minutes do to an id in production: its stream recognises no repeat any more.</summary>
    public static Task ForgetIdsAsync(this NatsServer nats, string stream) => nats.RememberIdsAsync(stream, TimeSpan.FromMilliseconds(100));

    /// <summary>For how long a stream recognises message ids from now on.</summary>
    public static async Task RememberIdsAsync(this NatsServer nats, string stream, TimeSpan window)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        var found = await jetStream.GetStreamAsync(stream);
        found.Info.Config.DuplicateWindow = window;
        await jetStream.UpdateStreamAsync(found.Info.Config);
    }

    private static async Task<ulong> WriteAsync(this NatsServer nats, string subject, string body, (string Name, string Value)[] headers)
    {
        await using var connection = nats.Connect();
        var written = new NatsHeaders();
        foreach (var (name, value) in headers)
        {
            written[name] = value;
        }

        var ack = await new NatsJSContext(connection).PublishAsync(subject, Encoding.UTF8.GetBytes(body), headers: written);
        ack.EnsureSuccess();
        return ack.Seq;
    }
}
