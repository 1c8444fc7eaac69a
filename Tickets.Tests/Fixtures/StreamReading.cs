using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>Reads what a stream holds for one tenant or one subject.</summary>
public static class StreamReading
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The tenant's events, once there are as many of each subject as asked for.</summary>
    public static Task<IReadOnlyList<NatsMsg<string>>> EventsAsync(this NatsServer nats, string tenant, params string[] subjects) =>
        Eventually.Async(
            async () => (IReadOnlyList<NatsMsg<string>>)[.. (await nats.ReadAsync("TICKET_EVENTS")).Where(m => m.Header("tenant") == tenant)],
            found => subjects.All(subject => found.Any(m => m.Subject == subject)),
            Limit,
            $"events {string.Join(", ", subjects)} of {tenant}");

    public static Task<IReadOnlyList<NatsMsg<string>>> DeadLettersAsync(this NatsServer nats, string subject, int count, TimeSpan? limit = null) =>
        Eventually.Async(
            async () => (IReadOnlyList<NatsMsg<string>>)[.. (await nats.ReadAsync("TICKET_DLQ")).Where(m => m.Subject == subject)],
            found => found.Count >= count,
            limit ?? Limit,
            $"{count} dead letters on {subject}");

    /// <summary>The tenant's dead letters, once there are as many.</summary>
    public static Task<IReadOnlyList<NatsMsg<string>>> LettersOfAsync(this NatsServer nats, string tenant, int count, TimeSpan? limit = null) =>
        Eventually.Async(
            async () => (IReadOnlyList<NatsMsg<string>>)[.. (await nats.ReadAsync("TICKET_DLQ")).Where(m => m.Subject.StartsWith($"dlq.ticket.{tenant}.", StringComparison.Ordinal))],
            found => found.Count >= count,
            limit ?? Limit,
            $"{count} dead letters of {tenant}");

    /// <summary>Returns when the work queue is empty: no command waits, and none is to come again.</summary>
    public static async Task NoCommandIsLeftAsync(this NatsServer nats)
    {
        await using var connection = nats.Connect();
        var jetStream = new NatsJSContext(connection);
        await Eventually.Async(
            async () => (await jetStream.GetStreamAsync("TICKET_COMMANDS")).Info.State.Messages, left => left == 0, Limit, "no command is left");
    }
}
