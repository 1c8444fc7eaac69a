using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Sending;

/// <summary>The identity that a stream recognises repeats by.</summary>
internal static class MessageIds
{
    /// <summary>An explicit <c>Nats-Msg-Id</c> on the envelope, else what the application projects, else the envelope's id.</summary>
    public static string Of(Envelope envelope, Func<Envelope, string>? project)
    {
        var id = envelope.TryGetHeader(OutgoingHeaders.MessageId, out var explicitly) && !string.IsNullOrEmpty(explicitly)
            ? explicitly
            : project?.Invoke(envelope);
        return string.IsNullOrEmpty(id) ? envelope.Id.ToString() : HeaderValue.Encode(id);
    }
}
