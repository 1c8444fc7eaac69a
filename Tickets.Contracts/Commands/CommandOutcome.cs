using System.Text.Json.Serialization;

namespace Tickets.Contracts.Commands;

/// <summary>What became of a command: the same for its HTTP answer, its NATS reply and every repeat of it.</summary>
/// <param name="Status">The HTTP status code (RFC 9110).</param>
/// <param name="Body">The answer's JSON.</param>
public sealed record CommandOutcome(int Status, [property: JsonConverter(typeof(RawJsonConverter))] string Body)
{
    /// <summary>Whether an earlier request with the same key got it first. Default: false, which is not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replayed { get; init; }
}
