namespace Tickets.Handlers.Retention;

/// <summary>Since when commands wait can't be told now.</summary>
/// <param name="reason">Why not.</param>
/// <param name="inner">What happened; null when there is nothing more to tell.</param>
public sealed class BacklogUnknownException(string reason, Exception? inner = null) : Exception(reason, inner);
