using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>Builds the headers of a message from its mapper, and keeps inbound <c>Nats-*</c> headers from travelling on.</summary>
internal static class OutgoingHeaders
{
    public const string MessageId = "Nats-Msg-Id";

    private const string ReservedPrefix = "Nats-";

    // As many as a CloudEvent has, with the publisher's own.
    private const int Expected = 12;

    public static bool IsReserved(string name) => name.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase);

    public static NatsHeaders Of(NatsEndpoint endpoint, Envelope envelope)
    {
        var headers = new NatsHeaders(Expected);
        Write(endpoint, envelope, headers);
        return headers;
    }

    /// <exception cref="InvalidOperationException">The mapper or a custom header writes what only the transport may.</exception>
    public static void Write(NatsEndpoint endpoint, Envelope envelope, NatsHeaders headers)
    {
        endpoint.Mapper.MapOutgoing(envelope, headers);
        foreach (var (name, value) in endpoint.CustomHeaders)
        {
            headers[name] = HeaderValue.Encode(value);
        }

        foreach (var (name, _) in headers)
        {
            if (IsReserved(name))
            {
                throw new InvalidOperationException($"'{name}' is set by the transport alone; leave it out of the mapping.");
            }
        }
    }
}
