using System.Text.Json.Serialization;

namespace Tickets.Faults.Load;

/// <summary>What a client knows of a command in the end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>It was accepted: it must take effect once.</summary>
    Taken,

    /// <summary>It was told that it was not: it must not take effect.</summary>
    Refused,

    /// <summary>No answer came: it may take effect, but not twice.</summary>
    Unknown,
}
