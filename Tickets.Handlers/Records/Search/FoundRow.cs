namespace Tickets.Handlers.Records.Search;

/// <summary>A ticket and its key, which decides between equals in an order.</summary>
internal sealed class FoundRow : TicketRow
{
    public required long Seq { get; init; }
}
