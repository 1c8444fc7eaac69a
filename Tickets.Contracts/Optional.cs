using System.Text.Json.Serialization;

namespace Tickets.Contracts;

/// <summary>
/// A member of a JSON merge patch (RFC 7396), which tells "left as it is" (absent) from "removed" (null).
/// </summary>
/// <typeparam name="T">The member's type; a nullable one where it can be removed.</typeparam>
[JsonConverter(typeof(OptionalConverterFactory))]
public readonly record struct Optional<T>
{
    /// <summary>A member that is there, also when it is null.</summary>
    public Optional(T? value) => (Value, IsSet) = (value, true);

    /// <summary>The value; default when <see cref="IsSet"/> is false.</summary>
    public T? Value { get; }

    /// <summary>Whether the member is there.</summary>
    public bool IsSet { get; }

    /// <summary>A member that is there.</summary>
    public static implicit operator Optional<T>(T? value) => new(value);

    /// <summary>The value, or what it was when the member is absent.</summary>
    public T? Or(T? current) => IsSet ? Value : current;
}
