namespace Tickets.Handlers.Records.Search;

/// <summary>One condition of a search, and how to find by an index what it holds for.</summary>
/// <param name="Test">SQL that tests the row <c>t</c>.</param>
/// <param name="Source">The table or index that holds the matches of <paramref name="Drive"/>.</param>
/// <param name="Join">SQL that joins the tickets to the source; empty when the source is the tickets themselves.</param>
/// <param name="Drive">SQL that finds the matches in the source.</param>
/// <param name="TestCost">About what one test takes, in microseconds.</param>
internal sealed record SearchCondition(string Test, string Source, string Join, string Drive, double TestCost)
{
    private const double OfColumn = 0.1;
    private const double OfLookup = 4;
    private const double OfText = 40;

    public static SearchCondition OnTickets(string index, string test) =>
        new(test, $"tickets t INDEXED BY {index}", string.Empty, $"t.tenant = @tenant AND {test}", OfColumn);

    public static SearchCondition OnTag(string parameter) => new(
        $"EXISTS (SELECT 1 FROM ticket_tags WHERE tenant = @tenant AND tag = {parameter} AND seq = t.seq)",
        "ticket_tags g",
        "CROSS JOIN tickets t ON t.seq = g.seq",
        $"g.tenant = @tenant AND g.tag = {parameter}",
        OfLookup);

    public static SearchCondition OnWords(string parameter) => new(
        $"EXISTS (SELECT 1 FROM ticket_texts WHERE ticket_texts MATCH {parameter} AND rowid = t.seq)",
        "ticket_texts",
        "CROSS JOIN tickets t ON t.seq = ticket_texts.rowid",
        $"ticket_texts MATCH {parameter}",
        OfText);
}
