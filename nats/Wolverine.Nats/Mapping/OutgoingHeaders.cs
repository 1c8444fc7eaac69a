using System.Buffers;
using NATS.Client.Core;

namespace Wolverine.Nats.Mapping;

/// <summary>Builds the headers of a message from its mapper, and keeps inbound <c>Nats-*</c> headers from travelling on.</summary>
internal static class OutgoingHeaders
{
    public const string MessageId = "Nats-Msg-Id";

    private const string ReservedPrefix = "Nats-";

    // As many as a CloudEvent has, with the publisher's own.
    private const int Expected = 12;

    private static readonly SearchValues<char> OfNames = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != ':')]);

    public static bool IsReserved(string name) => name.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a header can have this name: the client refuses others, and reads none of the headers when one has no name.</summary>
    public static bool IsWritable(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(OfNames);

    /// <exception cref="InvalidOperationException">A header can't be written, or only the transport may write it.</exception>
    public static NatsHeaders Of(NatsEndpoint endpoint, Envelope envelope)
    {
        var headers = Unchecked(endpoint, envelope);
        foreach (var (name, values) in headers)
        {
            if (FaultOf(name, values.ToString()) is { } fault)
            {
                throw new InvalidOperationException(fault);
            }
        }

        return headers;
    }

    /// <summary>As the mapper writes them.</summary>
    public static NatsHeaders Unchecked(NatsEndpoint endpoint, Envelope envelope)
    {
        var headers = new NatsHeaders(Expected);
        endpoint.Mapper.MapOutgoing(envelope, headers);
        foreach (var (name, value) in endpoint.CustomHeaders)
        {
            headers[name] = HeaderValue.Encode(value);
        }

        return headers;
    }

    // The client would take the message for the fault of the connection.
    private static string? FaultOf(string name, string value) =>
        IsReserved(name) ? $"'{name}' is set by the transport alone; leave it out of the mapping."
        : !IsWritable(name) ? $"'{name}' can't be the name of a header, which is printable ASCII without spaces and colons; rename it, or leave it out."
        : value.AsSpan().ContainsAny('\r', '\n') ? $"The value of the header '{name}' has line breaks; encode it, or leave it out."
        : null;
}
