using NATS.Client.Core;
using Wolverine.Runtime.Serialization;

namespace Wolverine.Nats.Mapping;

/// <summary>Wolverine's own headers, for messages between Wolverine applications that trust each other.</summary>
public sealed class WolverineHeadersMapper : INatsEnvelopeMapper
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly WolverineHeadersMapper Instance = new();

    private WolverineHeadersMapper()
    {
    }

    /// <inheritdoc/>
    public void MapOutgoing(Envelope envelope, NatsHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        Write(headers, EnvelopeConstants.IdKey, envelope.Id.ToString());
        Write(headers, EnvelopeConstants.MessageTypeKey, envelope.MessageType);
        Write(headers, EnvelopeConstants.ContentTypeKey, envelope.ContentType);
        Write(headers, EnvelopeConstants.SourceKey, envelope.Source);
        Write(headers, EnvelopeConstants.CorrelationIdKey, envelope.CorrelationId);
        Write(headers, EnvelopeConstants.ConversationIdKey, envelope.ConversationId.ToString());
        Write(headers, EnvelopeConstants.ParentIdKey, envelope.ParentId);
        Write(headers, EnvelopeConstants.TenantIdKey, envelope.TenantId);
        Write(headers, EnvelopeConstants.ReplyUriKey, envelope.ReplyUri?.ToString());
        Write(headers, EnvelopeConstants.ReplyRequestedKey, envelope.ReplyRequested);
        Write(headers, EnvelopeConstants.AckRequestedKey, envelope.AckRequested ? "true" : null);
        Write(headers, EnvelopeConstants.IsResponseKey, envelope.IsResponse ? "true" : null);
        foreach (var (name, value) in envelope.Headers)
        {
            Write(headers, name, value);
        }
    }

    /// <inheritdoc/>
    public void MapIncoming(NatsMessage message, Envelope envelope)
    {
        if (message.Header(EnvelopeConstants.MessageTypeKey) is null)
        {
            throw new UnreadableMessageException(
                $"no '{EnvelopeConstants.MessageTypeKey}' header; the listener reads Wolverine's headers");
        }

        foreach (var name in message.Headers!.Keys)
        {
            if (!OutgoingHeaders.IsReserved(name))
            {
                EnvelopeSerializer.ReadDataElement(envelope, name, message.Header(name)!);
            }
        }
    }

    private static void Write(NatsHeaders headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && !OutgoingHeaders.IsReserved(name))
        {
            headers[name] = HeaderValue.Encode(value);
        }
    }
}
