using System.Globalization;
using Tickets.Contracts;

namespace Tickets.Handlers.Records.Search;

/// <summary>What tickets are sorted by: the index, the column, and the value of a row.</summary>
/// <param name="Index">The index that holds the tickets in this order.</param>
/// <param name="Column">The column of the row <c>t</c>.</param>
/// <param name="IsUnique">Whether no two tickets of a tenant have the same value.</param>
/// <param name="Of">The value of a row.</param>
/// <param name="Parse">Reads the value from a cursor; null when it is none.</param>
internal sealed record SortKey(string Index, string Column, bool IsUnique, Func<TicketRow, object> Of, Func<string, object?> Parse)
{
    public static SortKey For(TicketSort sort) => sort switch
    {
        TicketSort.UpdatedAt => new SortKey("tickets_by_updated", "t.updated_at", IsUnique: false, row => row.UpdatedAt, TimeOf),
        TicketSort.Priority => new SortKey("tickets_by_urgency", "t.urgency", IsUnique: false, UrgencyOf, text => NumberOf(text) is { } urgency and <= int.MaxValue ? (int)urgency : null),
        TicketSort.Number => new SortKey("tickets_by_number", "t.number", IsUnique: true, row => row.Number, text => NumberOf(text)),
        TicketSort.DueAt => new SortKey("tickets_by_due", "t.due", IsUnique: false, row => row.DueAt ?? DateTimeOffset.MaxValue, TimeOf),
        _ => new SortKey("tickets_by_id", "t.id", IsUnique: true, row => row.Id, text => Guid.TryParseExact(text, "D", out var id) ? id : null),
    };

    /// <summary>A value as a cursor holds it.</summary>
    public static string Write(object value) =>
        value is DateTimeOffset time ? time.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static object UrgencyOf(TicketRow row) => (int)WireName.Parse<TicketPriority>(row.Priority);

    private static object? TimeOf(string text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static long? NumberOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
