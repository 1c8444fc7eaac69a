using System.Buffers.Text;

namespace Tickets.Api.Routes;

/// <summary>Where a page ended, as an opaque word.</summary>
internal static class Cursor
{
    private const int Length = 16;

    public static string Write(Guid last) => Base64Url.EncodeToString(last.ToByteArray(bigEndian: true));

    /// <summary>Reads a cursor; none at all is the first page.</summary>
    /// <returns>False when it was not written by <see cref="Write"/>.</returns>
    public static bool TryRead(string? cursor, out Guid? last)
    {
        last = null;
        if (cursor is null)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(cursor, out var length) || length != Length || !Base64Url.TryDecodeFromChars(cursor, bytes, out _))
        {
            return false;
        }

        last = new Guid(bytes, bigEndian: true);
        return true;
    }
}
