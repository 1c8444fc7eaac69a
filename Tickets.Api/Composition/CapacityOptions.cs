using Tickets.Handlers.Storage;

namespace Tickets.Api.Composition;

/// <summary>How much a process does and keeps at once. What is more is refused at once, with 503 and Retry-After.</summary>
public sealed record CapacityOptions
{
    /// <summary><c>MAX_WRITES_IN_FLIGHT</c>: requests that write and have no answer yet, over HTTP and NATS. Default 4,096, at some 20 KiB each.</summary>
    public int Writes { get; init; } = 4096;

    /// <summary><c>MAX_READS_IN_FLIGHT</c>: requests that read at once. Eight times as many wait for their turn, 2 s at most. Default 64.</summary>
    public int Reads { get; init; } = 64;

    /// <summary><c>MAX_OUTBOX_MESSAGES</c>: changes whose events wait in the database for NATS to take them. Default 100,000.</summary>
    public int Outbox { get; init; } = OutboxLimit.Preset;
}
