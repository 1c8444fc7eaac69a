using Dapper;

namespace Tickets.Handlers.Records.Search;

/// <summary>The SQL of a search, as a database wants it.</summary>
internal interface ISearchDialect
{
    /// <summary>A condition on columns of the tickets.</summary>
    /// <param name="index">The index that finds its matches.</param>
    /// <param name="test">SQL that tests the row <c>t</c>.</param>
    SearchCondition OnTickets(string index, string test);

    /// <summary>A tag.</summary>
    /// <param name="parameter">The parameter that holds it.</param>
    SearchCondition OnTag(string parameter);

    /// <summary>Words.</summary>
    /// <param name="tenant">The tenant in whose texts they are looked for.</param>
    /// <param name="words">The words.</param>
    /// <param name="parameters">Where the condition's parameters go.</param>
    SearchCondition OnWords(string tenant, TicketWords words, DynamicParameters parameters);

    /// <summary>Finds what of a page is among the first rows of its order; all that are found are the page's first.</summary>
    /// <param name="order">The order.</param>
    /// <param name="conditions">What must hold.</param>
    /// <param name="continues">Whether it begins after <c>@key</c> and <c>@seq</c>.</param>
    /// <returns>The SQL; null when counting the matches is as fast.</returns>
    string? First(TicketOrder order, IReadOnlyList<SearchCondition> conditions, bool continues);

    /// <summary>Finds a page of <c>@limit</c> rows of the tenant <c>@tenant</c>.</summary>
    /// <param name="order">Its order.</param>
    /// <param name="conditions">What must hold.</param>
    /// <param name="driver">The one whose matches are gone through and then sorted; null goes through the order's own index.</param>
    /// <param name="continues">Whether it begins after <c>@key</c> and <c>@seq</c>.</param>
    string Page(TicketOrder order, IReadOnlyList<SearchCondition> conditions, SearchCondition? driver, bool continues);
}
