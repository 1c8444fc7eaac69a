using NATS.Client.Core;
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
}
