using System.Text.Json;

namespace Tickets.Api.Routes;

/// <summary>What is wrong with which field of a body that could not be read.</summary>
internal static class JsonFault
{
    /// <summary>What is wrong with a body that is not there, or null.</summary>
    public const string Missing = "is required: a JSON object";

    /// <summary>"$.tags[0]" is tags; "$" is the body itself, and so is wherever the reader of malformed JSON gave up.</summary>
    public static string FieldOf(JsonException json) =>
        json.InnerException is not JsonException && json.Path is { Length: > 2 } path ? path[2..].Split('.', '[')[0] : "body";

    public static string MessageOf(JsonException json) =>
        json.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "is not a known property"
        : json.Message.Contains("Duplicate property", StringComparison.Ordinal) ? "must not be given twice"
        : json.InnerException is JsonException || json.Path is null ? "is not valid JSON"
        : "has the wrong type or value";
}
