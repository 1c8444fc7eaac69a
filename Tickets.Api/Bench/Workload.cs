namespace Tickets.Api.Bench;

/// <summary>What <c>bench</c> measures, in the words of the command line, which tells small letters from capitals.</summary>
public enum Workload
{
    /// <summary>Creates over HTTP that wait for their ticket (201).</summary>
    http,

    /// <summary>Creates over HTTP that wait for the durable acceptance alone (202).</summary>
    accept,

    /// <summary>Create commands published to the stream, each waiting for its ack.</summary>
    nats,

    /// <summary>Create commands published at a steady rate, each timed until its last event is in the stream.</summary>
    events,

    /// <summary>A stream full of create commands, which this process then works off.</summary>
    drain,

    /// <summary>Lists, searches and single tickets over HTTP.</summary>
    reads,
}
