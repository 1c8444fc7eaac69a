using System.Globalization;
using NATS.Client.JetStream;

namespace Wolverine.Nats.Receiving;

/// <summary>What a consumer with <c>headers_only</c> sends: the size of a body in a header, and no body.</summary>
internal static class BodilessDelivery
{
    /// <summary>After how many deliveries through a good consumer it is sure that the message has no body.</summary>
    public const int Tries = 2;

    private const string SizeHeader = "Nats-Msg-Size";

    /// <summary>Whether it looks like one, which a publisher can make too.</summary>
    public static bool MayBe(INatsJSMsg<byte[]> delivery) =>
        delivery.Data is null or []
        && delivery.Headers is { } headers
        && headers.TryGetValue(SizeHeader, out var sizes)
        && sizes.Any(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0);
}
