namespace Tickets.Api.Composition;

/// <summary>Whether commands are committed and events sent as Wolverine does by itself, and how nearly.</summary>
public enum StockDesign
{
    /// <summary>In groups, many at once.</summary>
    Off,

    /// <summary><c>true</c>: a transaction for each command, one awaited publish and one delete for each message.</summary>
    OneByOne,

    /// <summary>
    /// <c>gathered</c>: the same, but messages that were published while a delete was under way are deleted together, 100 at most, as
    /// Wolverine has done since its GH-4319, unless <c>StoreOutgoingBatchSize</c> is 1.
    /// </summary>
    GatheredDeletes,
}
