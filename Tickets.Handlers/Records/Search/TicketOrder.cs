namespace Tickets.Handlers.Records.Search;

/// <summary>An order of tickets.</summary>
/// <param name="By">By what.</param>
/// <param name="Descending">Whether it is turned around.</param>
public readonly record struct TicketOrder(TicketSort By, bool Descending)
{
    /// <summary>The words for an order, for error messages.</summary>
    public const string Rule = "created_at, updated_at, priority, number or due_at, with '-' before it to turn it around";

    /// <summary>The newest first.</summary>
    public static readonly TicketOrder Default = new(TicketSort.CreatedAt, Descending: true);

    /// <summary>Reads an order such as <c>-created_at</c>.</summary>
    public static bool TryParse(string text, out TicketOrder order)
    {
        var descending = text.StartsWith('-');
        foreach (var sort in Enum.GetValues<TicketSort>())
        {
            if (text.AsSpan(descending ? 1 : 0).SequenceEqual(WireName.Of(sort)))
            {
                order = new TicketOrder(sort, descending);
                return true;
            }
        }

        order = default;
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Descending ? "-" : string.Empty)}{WireName.Of(By)}";
}
