using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wolverine.Nats.Diagnostics;

/// <summary>
/// Traces and metrics by OpenTelemetry's semantic conventions for messaging, 1.37. Listen to the source and the meter
/// that are called <see cref="Name"/>. Wolverine's own spans "send", "receive" and "process" are its parents.
/// </summary>
public static class NatsInstrumentation
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Wolverine.Nats";

    internal const string System = "nats";
    internal const string Core = "(core)";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    internal static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "messaging.client.operation.duration", "s", "How long a publish or a settlement took.");

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "messaging.client.sent.messages", "{message}", "Messages that were published, acknowledged or not.");

    private static readonly Counter<long> Consumed = Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Deliveries that were handed over.");

    private static readonly Counter<long> Redeliveries = Meter.CreateCounter<long>(
        "wolverine.nats.redeliveries", "{message}", "Deliveries that were not the first of their message.");

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "wolverine.nats.dead_letters", "{message}", "Messages that were given up.");

    private static readonly Counter<long> Reconnects = Meter.CreateCounter<long>(
        "wolverine.nats.reconnects", "{connection}", "Connections that were opened again after they broke.");

    private static readonly Gauge<long> Pending = Meter.CreateGauge<long>(
        "wolverine.nats.consumer.pending", "{message}", "Messages of the stream that the consumer has not delivered yet: the lag.");

    internal static ClientOperation StartPublish(string subject, string? stream, int bytes)
    {
        var activity = Source.StartActivity("publish", ActivityKind.Producer);
        activity?.SetTag("messaging.message.body.size", bytes);
        return Start("publish", "send", subject, stream, activity);
    }

    internal static ClientOperation StartSettle(string name, string subject, string stream) =>
        Start(name, "settle", subject, stream, Source.StartActivity(name, ActivityKind.Client));

    internal static void RecordSent(string? stream, string? fault)
    {
        if (Sent.Enabled)
        {
            Sent.Add(1, Tags("publish", stream, fault));
        }
    }

    internal static void RecordDelivery(string stream, string consumer, ulong deliveries, ulong pending)
    {
        if (Consumed.Enabled)
        {
            Consumed.Add(1, Tags("receive", stream, null));
        }

        if (deliveries > 1 && Redeliveries.Enabled)
        {
            Redeliveries.Add(1, Of(stream, consumer));
        }

        if (Pending.Enabled)
        {
            Pending.Record((long)pending, Of(stream, consumer));
        }
    }

    internal static void RecordDeadLetter(string stream, string consumer) => DeadLetters.Add(1, Of(stream, consumer));

    internal static void RecordReconnect(string servers) =>
        Reconnects.Add(1, new KeyValuePair<string, object?>("server.address", servers));

    internal static TagList Tags(string operation, string? stream, string? fault)
    {
        var tags = new TagList
        {
            { "messaging.system", System },
            { "messaging.operation.name", operation },
            { "messaging.destination.name", stream ?? Core },
        };
        if (fault is not null)
        {
            tags.Add("error.type", fault);
        }

        return tags;
    }

    private static ClientOperation Start(string name, string type, string subject, string? stream, Activity? activity)
    {
        activity?.SetTag("messaging.system", System)
            .SetTag("messaging.operation.name", name)
            .SetTag("messaging.operation.type", type)
            .SetTag("messaging.destination.name", stream ?? Core)
            .SetTag("messaging.nats.subject", subject);
        return new ClientOperation(name, stream, activity);
    }

    private static TagList Of(string stream, string consumer) => new()
    {
        { "messaging.system", System },
        { "messaging.destination.name", stream },
        { "messaging.consumer.group.name", consumer },
    };
}
