using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tickets.Contracts;
using Tickets.Handlers;

namespace Tickets.Api.Routes;

/// <summary>
/// Reads a value of an enumeration by its exact word. <see cref="SnakeCaseEnum{T}"/> is there for writing: it would also read capital letters,
/// blanks around a word, and several words with commas, as flags.
/// </summary>
internal sealed class ExactWord<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly (byte[] Word, T Value)[] Words = [.. Enum.GetValues<T>().Select(value => (Encoding.UTF8.GetBytes(WireName.Of(value)), value))];

    /// <inheritdoc/>
    /// <exception cref="JsonException">It is none of the words.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var (word, value) in Words)
            {
                if (reader.ValueTextEquals(word))
                {
                    return value;
                }
            }
        }

        throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(WireName.Of(value));
}
