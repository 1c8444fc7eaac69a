using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using NATS.Client.Core;
using Tickets.Api.Access;
using Tickets.Api.Admission;
using Tickets.Api.Description;
using Tickets.Api.Events;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>A tenant's events as server-sent events (WHATWG HTML, 9.2): live, or from where a client has left off.</summary>
internal static class EventRoutes
{
    public const string Path = "/api/v1/events";

    private const string LastEventId = "Last-Event-ID";
    private const string PingType = "ping";
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder app) => app
        .MapGet(Path, ListenAsync).Describe("Events", "The tenant's events as they happen, as server-sent events")
        .Takes(DescribedParameter.Header(LastEventId, "The id of the last event that the client has; those after it come first.", "4711"))
        .Produces(StatusCodes.Status200OK, typeof(string), "text/event-stream").Refuses(DescribedProblem.Unavailable);

    /// <summary>Whether the routing takes a path for this route: in any case, with a slash at its end or without.</summary>
    public static bool IsMeant(PathString path) => path.Value.AsSpan().TrimEnd('/').Equals(Path, StringComparison.OrdinalIgnoreCase);

    private static async Task<IResult> ListenAsync(
        Tenant tenant, FeedPlaces places, EventFeed feed, EventStream stream, ShedRequests shed, HttpContext http, CancellationToken cancellation)
    {
        var after = LastSeen(http.Request);
        if (places.TryTake(tenant.Name) is not { } place)
        {
            shed.Count(RequestKind.Events);
            return Problems.Overloaded(http.Response);
        }

        http.Response.RegisterForDispose(place);

        try
        {
            var before = await stream.EndsAsync(cancellation);
            var listener = feed.Listen(tenant.Name, before);
            http.Response.RegisterForDispose(listener);

            // A feed that others listen to may have been further than that: what it had passed by then is read from the stream.
            var now = await stream.EndsAsync(cancellation);
            CredentialWatch.Begin(http);

            // An id beyond the end is of a stream that was there before this one: its client has nothing of this one.
            var start = after is null ? before.Last : after <= now.Last ? after.Value : 0;
            return TypedResults.ServerSentEvents(
                WithPings(start, EventsAsync(MissedAsync(stream, tenant.Name, start, now, cancellation), listener, now.Last, cancellation), cancellation));
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
        _ => throw new InvalidHeaderException(LastEventId, ProblemCodes.ValidationFailed, "must be the id of an event that this service sent"),
    };

    private static async IAsyncEnumerable<FeedEvent> EventsAsync(
        IAsyncEnumerable<FeedEvent> missed, FeedListener listener, ulong newest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var next in missed.WithCancellation(cancellation))
        {
            yield return next;
        }

        await foreach (var next in listener.ReadAllAsync(cancellation))
        {
            if (next.Sequence > newest || listener.HasGoneBack)
            {
                yield return next;
            }
        }
    }

    private static async IAsyncEnumerable<FeedEvent> MissedAsync(
        EventStream stream, string tenant, ulong after, StreamEnds ends, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The reading ends when the server falls silent. What has left the stream does not come, however long it is waited for.
        var newest = ends.Last;
        for (var last = Math.Max(after, ends.First > 0 ? ends.First - 1 : 0); last < newest;)
        {
            await foreach (var missed in stream.ReadAsync(last + 1, cancellation))
            {
                last = missed.Sequence;
                if (last <= newest && missed.Tenant == tenant)
                {
                    yield return missed;
                }

                if (last >= newest)
                {
                    break;
                }
            }
        }
    }

    // The first ping opens the stream at the client, and tells it what to come back with before it has heard anything; the others
    // show that it still stands.
    private static async IAsyncEnumerable<SseItem<string>> WithPings(
        ulong start, IAsyncEnumerable<FeedEvent> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new(string.Empty, PingType) { EventId = IdOf(start) };
        await foreach (var next in events.WithPauses(BetweenPings, cancellation))
        {
            yield return next is null ? new(string.Empty, PingType) : ItemOf(next);
        }
    }

    private static SseItem<string> ItemOf(FeedEvent next) => new(next.Json, next.Type) { EventId = IdOf(next.Sequence) };

    private static string IdOf(ulong sequence) => sequence.ToString(CultureInfo.InvariantCulture);
}
