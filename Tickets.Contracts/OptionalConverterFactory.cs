using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tickets.Contracts;

/// <summary>Reads and writes <see cref="Optional{T}"/>. Absent members are left out by their property's ignore condition.</summary>
public sealed class OptionalConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => typeToConvert == typeof(Optional<DateTimeOffset?>)
        ? new OptionalTimeConverter()
        : (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        // The value's converter itself, so that an error tells the path from the root.
        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null
                ? new Optional<T>(default)
                : new Optional<T>(((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }

    private sealed class OptionalTimeConverter : JsonConverter<Optional<DateTimeOffset?>>
    {
        public override bool HandleNull => true;

        public override Optional<DateTimeOffset?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.Null ? null : TimeConverter.ReadTime(ref reader));

        public override void Write(Utf8JsonWriter writer, Optional<DateTimeOffset?> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
