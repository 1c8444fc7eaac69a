using System.Buffers;
using System.Text;

namespace Wolverine.Nats.Mapping;

/// <summary>
/// Keeps header values to printable ASCII. The client would corrupt anything else, and a line feed would end the
/// header. Other characters are percent-encoded as CloudEvents' HTTP binding 1.0.2, section 3.1.3.2 does it.
/// </summary>
internal static class HeaderValue
{
    // Printable ASCII without the percent sign.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c != '%')]);

    public static string Encode(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return string.Empty;
        }

        return value.AsSpan().ContainsAnyExcept(Plain) ? EncodeBytes(value) : value;
    }

    /// <summary>A value that was read, to be written again: who decodes the copy gets what the original decodes to.</summary>
    public static string Copy(string value) => value.All(character => character is >= ' ' and <= '~') ? value : Encode(Decode(value));

    public static string Decode(string? value) =>
        value is null || !value.Contains('%', StringComparison.Ordinal) ? value ?? string.Empty : Uri.UnescapeDataString(value);

    private static string EncodeBytes(string value)
    {
        var encoded = new StringBuilder(value.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            _ = Plain.Contains((char)b) ? encoded.Append((char)b) : encoded.Append('%').Append(b.ToString("X2", null));
        }

        return encoded.ToString();
    }
}
