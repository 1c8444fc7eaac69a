using System.Text.Json;

namespace Wolverine.Nats.Receiving;

/// <summary>Words a fault for the reader of a dead letter: what, and for JSON where. Never the body, never a stack.</summary>
internal static class DeadLetterReason
{
    public static string Of(Exception exception) => exception switch
    {
        JsonException { InnerException: JsonException } json => $"the body is not JSON: {json.Message}",
        JsonException { Path: { } path } json => $"the body is not the JSON expected at {path}: {json.Message}",
        JsonException json => $"the body is not JSON: {json.Message}",
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };
}
