using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>Builds the headers of a message from its mapper, and keeps inbound <c>Nats-*</c> headers from travelling on.</summary>
internal static class OutgoingHeaders
{
    private const string ReservedPrefix = "Nats-";

    public static bool IsReserved(string name) => name.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase);

    public static NatsHeaders Of(Envelope envelope, INatsEnvelopeMapper mapper)
    {
        var headers = new NatsHeaders();
        mapper.MapOutgoing(envelope, headers);
        return headers.Keys.FirstOrDefault(IsReserved) is { } reserved
            ? throw new InvalidOperationException($"'{reserved}' is set by the transport alone; leave it out of the mapping.")
            : headers;
    }
}
