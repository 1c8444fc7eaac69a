namespace Wolverine.Nats.Sending;

/// <summary>What became of a publish.</summary>
/// <param name="Duplicate">The stream had its id already within its window.</param>
/// <param name="Fault">Why it is not confirmed; null when it is.</param>
internal readonly record struct PublishOutcome(bool Duplicate, PublishException? Fault);
