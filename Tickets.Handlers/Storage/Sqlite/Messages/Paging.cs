namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Cuts a page out of a query's result, as Wolverine counts pages: the first is 1, and no size means all.</summary>
internal static class Paging
{
    public static string Of(int pageNumber, int pageSize) =>
        pageSize <= 0 ? string.Empty : $"LIMIT {pageSize} OFFSET {(long)Math.Max(pageNumber - 1, 0) * pageSize}";
}
