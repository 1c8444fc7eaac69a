using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tickets.Handlers.Records.Search;

/// <summary>Where a page ended: the cursor of its order, opaque to clients.</summary>
/// <param name="Order">The order.</param>
/// <param name="Key">The last ticket's value of what is sorted by.</param>
/// <param name="Seq">The last ticket's key, which decides between equals.</param>
public sealed record TicketPosition(TicketOrder Order, object Key, long Seq)
{
    private const char Separator = '\n';
    private const int Longest = 256;

    /// <summary>Reads a cursor.</summary>
    /// <returns>False when it was not written here, or for another order.</returns>
    public static bool TryParse(string cursor, TicketOrder order, out TicketPosition? position)
    {
        position = null;
        if (cursor.Length > Longest || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(Separator);
        if (parts is not [var of, var key, var number]
            || of != order.ToString()
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            || SortKey.For(order.By).Parse(key) is not { } value)
        {
            return false;
        }

        position = new TicketPosition(order, value, seq);
        return true;
    }

    /// <summary>The cursor.</summary>
    public override string ToString() => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Order}{Separator}{SortKey.Write(Key)}{Separator}{Seq}")));
}
