using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using NATS.Client.Core;
using Tickets.Api.Access;
using Tickets.Api.Admission;
using Tickets.Api.Description;
using Tickets.Api.Events;

namespace Tickets.Api.Routes;

/// <summary>A tenant's events as server-sent events (WHATWG HTML, 9.2): live, or from where a client has left off.</summary>
internal static class EventRoutes
{
    public const string Path = "/api/v1/events";

    private const string LastEventId = "Last-Event-ID";
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder app) => app
        .MapGet(Path, ListenAsync).Describe("Events", "The tenant's events as they happen, as server-sent events")
        .Takes(DescribedParameter.Header(LastEventId, "The id of the last event that the client has; those after it come first.", "4711"))
        .Produces(StatusCodes.Status200OK, typeof(string), "text/event-stream").Refuses(DescribedProblem.Unavailable);

    private static async Task<IResult> ListenAsync(
        Tenant tenant, EventFeed feed, EventStream stream, ShedRequests shed, HttpContext http, CancellationToken cancellation)
    {
        var after = LastSeen(http.Request);
        if (!feed.HasRoom)
        {
            shed.Count(RequestKind.Events);
            return Problems.Overloaded(http.Response);
        }

        try
        {
            var newest = await stream.LastSequenceAsync(cancellation);
            var listener = feed.Listen(tenant.Name, newest);
            http.Response.RegisterForDispose(listener);
            CredentialWatch.Begin(http);
            return TypedResults.ServerSentEvents(
                WithPings(MissedAsync(stream, tenant.Name, after, newest, cancellation), listener, cancellation));
        }
        catch (NatsException)
        {
            return Problems.Unavailable(http.Response);
        }
    }

    /// <exception cref="InvalidHeaderException">The id is none that this service gave.</exception>
    private static ulong? LastSeen(HttpRequest request) => request.Headers[LastEventId] switch
    {
        { Count: 0 } => null,
        [{ } value] when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) => sequence,
        _ => throw new InvalidHeaderException(LastEventId, "validation_failed", "must be the id of an event that this service sent"),
    };

    private static async IAsyncEnumerable<FeedEvent> MissedAsync(
        EventStream stream, string tenant, ulong? after, ulong newest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (after is null || after >= newest)
        {
            yield break;
        }

        await foreach (var missed in stream.ReadAsync(after.Value + 1, cancellation))
        {
            if (missed.Sequence <= newest && missed.Tenant == tenant)
            {
                yield return missed;
            }

            if (missed.Sequence >= newest)
            {
                yield break;
            }
        }
    }

    // The first ping opens the stream at the client; the others show that it still stands.
    private static async IAsyncEnumerable<SseItem<string>> WithPings(
        IAsyncEnumerable<FeedEvent> missed, FeedListener listener, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return Ping();
        await foreach (var next in missed.WithCancellation(cancellation))
        {
            yield return ItemOf(next);
        }

        var reading = listener.Events.WaitToReadAsync(cancellation).AsTask();
        while (true)
        {
            if (await Task.WhenAny(reading, Task.Delay(BetweenPings, cancellation)) != reading)
            {
                yield return Ping();
                continue;
            }

            if (!await reading)
            {
                yield break;
            }

            while (listener.Events.TryRead(out var next))
            {
                yield return ItemOf(next);
            }

            reading = listener.Events.WaitToReadAsync(cancellation).AsTask();
        }
    }

    private static SseItem<string> Ping() => new(string.Empty, "ping");

    private static SseItem<string> ItemOf(FeedEvent next) =>
        new(next.Json, next.Type) { EventId = next.Sequence.ToString(CultureInfo.InvariantCulture) };
}
