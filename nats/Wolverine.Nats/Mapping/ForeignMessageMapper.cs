using System.Diagnostics;
using NATS.Client.Core;
using Wolverine.Util;

namespace Wolverine.Nats.Mapping;

/// <summary>
/// Reads messages of strangers: the subject alone gives the message type and the tenant, the body is JSON, and only
/// the headers named here are taken over. Nothing a stranger writes can select another handler, tenant or reply.
/// </summary>
public sealed class ForeignMessageMapper : INatsEnvelopeMapper
{
    private const string TraceParent = "traceparent";

    private readonly List<(SubjectPattern Pattern, string MessageType)> _types = [];
    private readonly HashSet<string> _headers = new(StringComparer.Ordinal);
    private Func<string, bool> _isTenant = _ => true;

    /// <summary>Messages on subjects of this form are of type <typeparamref name="T"/>; <c>{tenant}</c> names the tenant's token.</summary>
    public ForeignMessageMapper Map<T>(string pattern) => Map(pattern, typeof(T));

    /// <summary>As <see cref="Map{T}(string)"/>.</summary>
    public ForeignMessageMapper Map(string pattern, Type messageType)
    {
        _types.Add((new SubjectPattern(pattern), messageType.ToMessageTypeName()));
        return this;
    }

    /// <summary>
    /// Takes these headers over into <see cref="Envelope.Headers"/>, and writes them on outgoing messages. With <c>traceparent</c> (W3C
    /// Trace Context) among them, what is done with a message belongs to its sender's trace.
    /// </summary>
    public ForeignMessageMapper AcceptHeaders(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _headers.Add(name);
        }

        return this;
    }

    /// <summary>Refuses messages whose tenant token does not pass. Default: any token passes.</summary>
    public ForeignMessageMapper ValidTenant(Func<string, bool> isTenant)
    {
        _isTenant = isTenant;
        return this;
    }

    /// <inheritdoc/>
    public void MapOutgoing(Envelope envelope, NatsHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        foreach (var name in _headers)
        {
            if (envelope.Headers.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value))
            {
                headers[name] = HeaderValue.Encode(value);
            }
        }
    }

    /// <inheritdoc/>
    public void MapIncoming(NatsMessage message, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var (messageType, tenant) = Read(message.Subject);
        if (envelope.Data is not { Length: > 0 })
        {
            throw new UnreadableMessageException("the body is empty; it must be a JSON object");
        }

        envelope.MessageType = messageType;
        envelope.ContentType = EnvelopeConstants.JsonContentType;
        foreach (var name in _headers)
        {
            if (message.Header(name) is { } value)
            {
                envelope.Headers[name] = value;
            }
        }

        envelope.TenantId = tenant;
        if (envelope.Headers.TryGetValue(TraceParent, out var parent) && ActivityContext.TryParse(parent, traceState: null, out _))
        {
            envelope.ParentId = parent;
        }
    }

    private (string MessageType, string? Tenant) Read(string subject)
    {
        foreach (var (pattern, messageType) in _types)
        {
            if (!pattern.TryMatch(subject, out var named))
            {
                continue;
            }

            var tenant = named.GetValueOrDefault("tenant");
            return tenant is null || _isTenant(tenant)
                ? (messageType, tenant)
                : throw new UnreadableMessageException($"'{tenant}' is no valid tenant");
        }

        throw new UnreadableMessageException($"no message type is mapped to the subject '{subject}'");
    }
}
