using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tickets.Contracts;

/// <summary>
/// Reads a point in time that somebody else wrote (RFC 3339, section 5.6): one without an offset would be read in the zone of whichever
/// machine handles it, and is refused.
/// </summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    private const int LongestTime = 64;

    /// <inheritdoc/>
    /// <exception cref="JsonException">It is no such time.</exception>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadTime(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>Reads one that stands elsewhere than in JSON, by the same rule.</summary>
    /// <returns>Whether it is such a time.</returns>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        var reader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(text, WireJson.Default.String));
        return reader.Read() & TryRead(ref reader, out time);
    }

    /// <exception cref="JsonException">It is no such time.</exception>
    internal static DateTimeOffset ReadTime(ref Utf8JsonReader reader) =>
        TryRead(ref reader, out var time) ? time : throw new JsonException("A time is written as 2026-01-31T09:00:00Z.");

    private static bool TryRead(ref Utf8JsonReader reader, out DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[LongestTime];
        time = default;
        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out time) && HasOffset(text[..reader.CopyString(text)]);
    }

    private static bool HasOffset(ReadOnlySpan<byte> text) => text is [.., (byte)'Z'] or [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _];
}
