namespace Tickets.Handlers.Storage;

/// <summary>How many messages may wait in the outbox before no more commands are handled.</summary>
/// <param name="Messages">The number; rows of about 1 KiB each.</param>
public sealed record OutboxLimit(int Messages)
{
    /// <summary>Unless it is said otherwise.</summary>
    public const int Preset = 100_000;
}
