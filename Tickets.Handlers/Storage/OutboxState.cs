namespace Tickets.Handlers.Storage;

/// <summary>What waits in the outbox.</summary>
/// <param name="Messages">How many messages, counted no further than was asked for.</param>
/// <param name="Oldest">Since when the oldest of them is there; null when there is none.</param>
public readonly record struct OutboxState(long Messages, DateTimeOffset? Oldest)
{
    /// <summary>For how long the oldest has waited; zero when there is none.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => Oldest is { } since && since < now ? now - since : TimeSpan.Zero;
}
