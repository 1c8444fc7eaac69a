namespace Wolverine.Nats.Mapping;

/// <summary>A message that no handler can be found for, or that lacks what its mapping needs.</summary>
/// <param name="reason">What is wrong, for the person who reads the dead letter.</param>
public sealed class UnreadableMessageException(string reason) : Exception(reason);
