using System.Text.Json;
using Wolverine.Nats.Mapping;
using Wolverine.Transports;

namespace Wolverine.Nats.Receiving;

/// <summary>Why a message is given up. Never holds the body or a stack.</summary>
/// <param name="Reason">One line for the reader of the dead letter: what, and for JSON where.</param>
/// <param name="ExceptionType">The full name of what was thrown; null when nothing was.</param>
/// <param name="ExceptionMessage">Its message.</param>
internal sealed record DeadLetterCause(string Reason, string? ExceptionType = null, string? ExceptionMessage = null)
{
    /// <summary>What was thrown; null when nothing was, or it is known by name alone.</summary>
    public Exception? Exception { get; private init; }

    public static DeadLetterCause Of(Exception exception) =>
        new(ReasonOf(exception), exception.GetType().FullName, exception.Message) { Exception = exception };

    /// <summary>From an envelope that Wolverine's buffered or durable receiver has given up.</summary>
    public static DeadLetterCause Of(Envelope envelope)
    {
        if (envelope.Failure is { } failure)
        {
            return Of(failure);
        }

        var type = envelope.Headers.GetValueOrDefault(DeadLetterQueueConstants.ExceptionTypeHeader);
        var message = envelope.Headers.GetValueOrDefault(DeadLetterQueueConstants.ExceptionMessageHeader);
        return new DeadLetterCause($"{type?.Split('.')[^1]}: {message}", type, message);
    }

    private static string ReasonOf(Exception exception) => exception switch
    {
        UnreadableMessageException or DeliveriesExhaustedException => exception.Message,
        JsonException { InnerException: JsonException } json => $"the body is not JSON: {json.Message}",
        JsonException { Path: { } path } json => $"the body is not the JSON expected at {path}: {json.Message}",
        JsonException json => $"the body is not JSON: {json.Message}",
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };
}
