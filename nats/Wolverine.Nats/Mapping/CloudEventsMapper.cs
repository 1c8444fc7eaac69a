using System.Globalization;
using NATS.Client.Core;
using Wolverine.Nats.Receiving;
using Wolverine.Util;

namespace Wolverine.Nats.Mapping;

/// <summary>
/// Messages as CloudEvents 1.0 in binary mode (CloudEvents NATS protocol binding 1.0.2): attributes as <c>ce-</c>
/// headers, the body untouched. The type attribute names the message type in both directions.
/// </summary>
/// <param name="source">The <c>ce-source</c>, a URI reference that names the producer.</param>
public sealed class CloudEventsMapper(string source) : INatsEnvelopeMapper
{
    /// <summary>The envelope header, and so the NATS header, of <c>ce-subject</c>: what in the source the event is about.</summary>
    public const string SubjectHeader = "ce-subject";

    /// <summary>The NATS header that names the tenant.</summary>
    public const string TenantHeader = "tenant";

    /// <summary>The W3C Trace Context header.</summary>
    public const string TraceParentHeader = "traceparent";

    /// <summary>The extension attribute that ties an event to what it follows from; it is <see cref="Envelope.CorrelationId"/>.</summary>
    public const string CorrelationHeader = "ce-correlationid";

    private const string SpecVersion = "ce-specversion";
    private const string Id = "ce-id";
    private const string Type = "ce-type";
    private const string Source = "ce-source";

    private readonly Dictionary<string, string> _typeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _messageTypeOf = new(StringComparer.Ordinal);

    /// <summary>Messages of type <typeparamref name="T"/> are events of this type.</summary>
    /// <param name="type">The <c>ce-type</c>.</param>
    public CloudEventsMapper Map<T>(string type) => Map(typeof(T), type);

    /// <summary>As <see cref="Map{T}(string)"/>.</summary>
    public CloudEventsMapper Map(System.Type messageType, string type)
    {
        var name = messageType.ToMessageTypeName();
        _typeOf.Add(name, type);
        _messageTypeOf.Add(type, name);
        return this;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The message type was not mapped.</exception>
    public void MapOutgoing(Envelope envelope, NatsHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        headers[SpecVersion] = "1.0";
        headers[Id] = envelope.Id.ToString();
        headers[Type] = HeaderValue.Encode(_typeOf.GetValueOrDefault(envelope.MessageType ?? string.Empty)
            ?? throw new InvalidOperationException($"No CloudEvents type is mapped to '{envelope.MessageType}'; call Map."));
        headers[Source] = HeaderValue.Encode(source);
        headers["ce-time"] = envelope.SentAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        headers["Content-Type"] = EnvelopeConstants.JsonContentType;
        Write(headers, TenantHeader, envelope.TenantId);
        Write(headers, TraceParentHeader, envelope.ParentId);
        Write(headers, CorrelationHeader, envelope.CorrelationId);
        Write(headers, SubjectHeader, envelope.Headers.GetValueOrDefault(SubjectHeader));
    }

    /// <inheritdoc/>
    public void MapIncoming(NatsMessage message, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        if (Required(message, SpecVersion) is var version && version != "1.0")
        {
            throw new UnreadableMessageException($"CloudEvents {version} is not known, only 1.0");
        }

        var type = Required(message, Type);
        envelope.MessageType = _messageTypeOf.GetValueOrDefault(type)
            ?? throw new UnreadableMessageException($"no message type is mapped to the CloudEvents type '{type}'");
        envelope.ContentType = JsonOrThrow(message.Header("Content-Type"));
        envelope.Id = DeliveryIdentity.OfEvent(Required(message, Source), Required(message, Id));
        envelope.TenantId = message.Header(TenantHeader);
        envelope.ParentId = message.Header(TraceParentHeader);
        envelope.CorrelationId = message.Header(CorrelationHeader) ?? envelope.CorrelationId;
        if (message.Header(SubjectHeader) is { } subject)
        {
            envelope.Headers[SubjectHeader] = subject;
        }
    }

    private static string Required(NatsMessage message, string name) => message.Header(name) is { Length: > 0 } value
        ? value
        : throw new UnreadableMessageException($"it has no '{name}' header, so it is no CloudEvent");

    private static string JsonOrThrow(string? contentType)
    {
        var mediaType = contentType?.Split(';')[0].Trim() ?? EnvelopeConstants.JsonContentType;
        return mediaType == EnvelopeConstants.JsonContentType || mediaType.EndsWith("+json", StringComparison.Ordinal)
            ? EnvelopeConstants.JsonContentType
            : throw new UnreadableMessageException($"its content type is '{mediaType}', not JSON");
    }

    private static void Write(NatsHeaders headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers[name] = HeaderValue.Encode(value);
        }
    }
}
