using System.Globalization;
using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>
/// Events as CloudEvents 1.0 in binary mode (CloudEvents NATS protocol binding 1.0.2): attributes as <c>ce-</c>
/// headers, the body untouched. Reading goes by the subject, as for any message of a stranger.
/// </summary>
/// <param name="incoming">Maps subjects to message types.</param>
/// <param name="typeOf">The <c>ce-type</c> of an envelope.</param>
/// <param name="source">The <c>ce-source</c>, a URI reference that names the producer.</param>
public sealed class CloudEventsMapper(ForeignMessageMapper incoming, Func<Envelope, string> typeOf, string source)
    : INatsEnvelopeMapper
{
    /// <summary>The envelope header, and so the NATS header, of <c>ce-subject</c>: what in the source the event is about.</summary>
    public const string SubjectHeader = "ce-subject";

    /// <summary>The NATS header that names the tenant.</summary>
    public const string TenantHeader = "tenant";

    /// <summary>The W3C Trace Context header.</summary>
    public const string TraceParentHeader = "traceparent";

    /// <inheritdoc/>
    public void MapOutgoing(Envelope envelope, NatsHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        headers["ce-specversion"] = "1.0";
        headers["ce-id"] = envelope.Id.ToString();
        headers["ce-type"] = HeaderValue.Encode(typeOf(envelope));
        headers["ce-source"] = HeaderValue.Encode(source);
        headers["ce-time"] = envelope.SentAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        headers["Content-Type"] = EnvelopeConstants.JsonContentType;
        Write(headers, TenantHeader, envelope.TenantId);
        Write(headers, TraceParentHeader, envelope.ParentId);
        Write(headers, SubjectHeader, envelope.Headers.GetValueOrDefault(SubjectHeader));
    }

    /// <inheritdoc/>
    public void MapIncoming(NatsMessage message, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        incoming.MapIncoming(message, envelope);
        envelope.TenantId ??= message.Header(TenantHeader);
        envelope.ParentId = message.Header(TraceParentHeader);
    }

    private static void Write(NatsHeaders headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers[name] = HeaderValue.Encode(value);
        }
    }
}
