using System.Collections.Frozen;
using System.Reflection;
using NATS.Client.Core;
using Wolverine.Transports;
using Wolverine.Util;

namespace Wolverine.Nats.Mapping;

/// <summary>
/// Wolverine's own headers, for messages between Wolverine applications that trust each other. A message without a
/// type is of the endpoint's default type, if it has one.
/// </summary>
internal sealed class WolverineHeadersMapper : EnvelopeMapper<NatsMessage, NatsHeaders>, INatsEnvelopeMapper
{
    // W3C Trace Context, for those who trace without Wolverine.
    private const string TraceParent = "traceparent";

    private static readonly FrozenSet<string> Known = typeof(EnvelopeConstants)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.FieldType == typeof(string))
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly NatsEndpoint _endpoint;

    public WolverineHeadersMapper(NatsEndpoint endpoint)
        : base(endpoint)
    {
        _endpoint = endpoint;
        MapPropertyToHeader(x => x.GroupId!, EnvelopeConstants.GroupIdKey);
        MapIncomingProperty(x => x.Id, ReadId);
        MapIncomingProperty(x => x.SentAt, static (_, _) => { });
        MapIncomingProperty(x => x.MessageType!, ReadMessageType);
        MapIncomingProperty(x => x.ParentId!, (envelope, message) =>
            envelope.ParentId = message.Header(EnvelopeConstants.ParentIdKey) ?? message.Header(TraceParent));
        MapProperty(x => x.ReplyUri!, ReadReplyUri, WriteReplyUri);
    }

    public void MapOutgoing(Envelope envelope, NatsHeaders headers)
    {
        MapEnvelopeToOutgoing(envelope, headers);
        if (envelope.ParentId is { } parent)
        {
            writeOutgoingHeader(headers, TraceParent, parent);
        }
    }

    public void MapIncoming(NatsMessage message, Envelope envelope) => MapIncomingToEnvelope(envelope, message);

    protected override void writeOutgoingHeader(NatsHeaders outgoing, string key, string value)
    {
        // An explicit Nats-Msg-Id is the publisher's business.
        if (!OutgoingHeaders.IsReserved(key))
        {
            outgoing[key] = HeaderValue.Encode(value);
        }
    }

    protected override bool tryReadIncomingHeader(NatsMessage incoming, string key, out string? value)
    {
        value = incoming.Header(key);
        return value is not null;
    }

    protected override void writeIncomingHeaders(NatsMessage incoming, Envelope envelope)
    {
        foreach (var name in incoming.Headers?.Keys ?? [])
        {
            if (!OutgoingHeaders.IsReserved(name) && !Known.Contains(name))
            {
                envelope.Headers[name] = incoming.Header(name);
            }
        }
    }

    // Without one the identity of the delivery stays, which is set already.
    private static void ReadId(Envelope envelope, NatsMessage message)
    {
        if (Guid.TryParse(message.Header(EnvelopeConstants.IdKey), out var id))
        {
            envelope.Id = id;
        }
    }

    private void ReadMessageType(Envelope envelope, NatsMessage message) =>
        envelope.MessageType = message.Header(EnvelopeConstants.MessageTypeKey)
            ?? _endpoint.MessageType?.ToMessageTypeName()
            ?? throw new UnreadableMessageException(
                $"no '{EnvelopeConstants.MessageTypeKey}' header; the listener reads Wolverine's headers and has no default message type");

    // On the wire the address has the scheme of the default broker: the other side may call this broker otherwise.
    private void ReadReplyUri(Envelope envelope, NatsMessage message) =>
        envelope.ReplyUri = message.Header(EnvelopeConstants.ReplyUriKey) is { } address
            ? WithScheme(new Uri(address), _endpoint.Transport.Protocol)
            : null;

    private void WriteReplyUri(Envelope envelope, NatsHeaders headers)
    {
        if (envelope.ReplyUri is { } address)
        {
            writeOutgoingHeader(headers, EnvelopeConstants.ReplyUriKey, WithScheme(address, NatsTransport.ProtocolName).ToString());
        }
    }

    private static Uri WithScheme(Uri address, string scheme) =>
        NatsEndpointUri.IsSubject(address) ? NatsEndpointUri.Subject(scheme, NatsEndpointUri.SubjectOf(address)) : address;
}
