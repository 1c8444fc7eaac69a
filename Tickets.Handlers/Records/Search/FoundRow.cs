namespace Tickets.Handlers.Records.Search;

/// <summary>A ticket and where it stands in the order.</summary>
internal sealed class FoundRow : TicketRow
{
    public required long Seq { get; init; }

    public required object SortKey { get; init; }
}
