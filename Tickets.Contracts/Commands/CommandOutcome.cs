using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tickets.Contracts.Commands;

/// <summary>What became of a command: the same for its HTTP answer, its NATS reply and every repeat of it.</summary>
/// <param name="Status">The HTTP status code (RFC 9110).</param>
/// <param name="Body">The answer's JSON.</param>
public sealed record CommandOutcome(int Status, [property: JsonConverter(typeof(RawJsonConverter))] string Body)
{
    /// <summary>The lowest status of an outcome that changed nothing.</summary>
    public const int FirstRefusal = 400;

    /// <summary>Whether an earlier request with the same key got it first. Default: false, which is not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replayed { get; init; }

    /// <summary>A problem as an outcome.</summary>
    public static CommandOutcome Of(Problem problem) => new(problem.Status, JsonSerializer.Serialize(problem, WireJson.Default.Problem));
}
