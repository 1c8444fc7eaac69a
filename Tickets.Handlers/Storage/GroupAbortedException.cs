namespace Tickets.Handlers.Storage;

/// <summary>Another unit has spoiled the transaction. This one is to be tried again without it.</summary>
/// <param name="inner">What the other one met.</param>
internal sealed class GroupAbortedException(Exception inner) : Exception("Another unit of the same transaction failed.", inner);
