namespace Wolverine.Nats.Tests.Worker;

/// <summary>Something that takes a while.</summary>
/// <param name="Number">Tells it from others.</param>
public sealed record Job(int Number)
{
    public const string Stream = "JOBS";
    public const string Subject = "jobs";
}
