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

    /// <summary>SQL for what must hold beside the first condition.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="continues">Whether the page begins after <c>@key</c> and <c>@seq</c>.</param>
    internal string And(IEnumerable<SearchCondition> conditions, bool continues)
    {
        var key = SortKey.For(By);
        var compare = Descending ? "<" : ">";
        var beyond = key.IsUnique ? $"{key.Column} {compare} @key" : $"({key.Column}, t.seq) {compare} (@key, @seq)";
        return string.Concat(conditions.Select(x => x.Test).Concat(continues ? [beyond] : []).Select(test => $" AND {test}"));
    }

    /// <summary>SQL that sorts.</summary>
    internal string OrderBy()
    {
        var key = SortKey.For(By);
        var direction = Descending ? "DESC" : "ASC";
        return $"ORDER BY {key.Column} {direction}{(key.IsUnique ? string.Empty : $", t.seq {direction}")}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Descending ? "-" : string.Empty)}{WireName.Of(By)}";
}
