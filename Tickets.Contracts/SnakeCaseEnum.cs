using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tickets.Contracts;

/// <summary>Writes enumeration values as <c>in_progress</c> and reads what was written so; what strangers write is read to the letter.</summary>
public sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
