namespace Tickets.Handlers.Records.Search;

/// <summary>One condition of a search, and how to find by an index what it holds for.</summary>
/// <param name="Test">SQL that tests the row <c>t</c>.</param>
/// <param name="Source">The table, index or function that holds the matches of <paramref name="Drive"/>.</param>
/// <param name="Join">SQL that joins the tickets to the source; empty when the source is the tickets themselves.</param>
/// <param name="Drive">SQL that finds the matches in the source.</param>
/// <param name="TestCost">About what one test takes, in microseconds.</param>
internal sealed record SearchCondition(string Test, string Source, string Join, string Drive, double TestCost)
{
    /// <summary>The source when matches are only counted, no more than <c>@most</c>.</summary>
    public string Counted { get; init; } = Source;

    /// <summary>What it takes to compare a column.</summary>
    public const double OfColumn = 0.1;

    /// <summary>What it takes to look up a row of another table.</summary>
    public const double OfLookup = 4;

    /// <summary>What it takes to look up the words of a text.</summary>
    public const double OfText = 40;
}
