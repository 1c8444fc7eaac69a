using System.Globalization;
using NATS.Client.Core;

namespace Wolverine.Nats.Sending;

/// <summary>Lets the server deliver a message later (ADR-51 of NATS, server 2.12).</summary>
internal static class ScheduledDelivery
{
    /// <summary>Whether the endpoint's stream and its server can.</summary>
    public static bool IsSupported(NatsEndpoint endpoint, bool serverSupportsSchedules) =>
        serverSupportsSchedules
        && endpoint.PublishesToJetStream
        && endpoint.Transport.Declarations.StreamOf(endpoint) is { } name
        && endpoint.Transport.Configuration.Streams.TryGetValue(name, out var stream)
        && stream.AllowMsgSchedules;

    /// <summary>
    /// Makes the message a schedule for its subject, on a subject of its own: a stream keeps one schedule for each subject, and
    /// the next one there takes its place.
    /// </summary>
    /// <returns>The subject to publish the schedule to: <c>{subject}{suffix}.{id}</c>.</returns>
    public static string Schedule(string subject, string suffix, Guid id, DateTimeOffset time, NatsHeaders headers)
    {
        headers["Nats-Schedule"] = "@at " + time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        headers["Nats-Schedule-Target"] = subject;
        return $"{subject}{suffix}.{id:N}";
    }
}
