using System.Text.Json.Nodes;

namespace Tickets.Api.NatsApi;

/// <summary>
/// How many requests were answered, and how long that took. What the library says of that ends when a request is handed on, for it takes the
/// next one only then.
/// </summary>
internal sealed class AnswerTimes
{
    private long _answered;
    private long _nanoseconds;

    public void Add(TimeSpan time)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _nanoseconds, (long)time.TotalNanoseconds);
    }

    /// <summary>In the words of the services protocol, in nanoseconds.</summary>
    public JsonNode Tell()
    {
        var (answered, nanoseconds) = (Volatile.Read(ref _answered), Volatile.Read(ref _nanoseconds));
        return new JsonObject
        {
            ["answered"] = answered,
            ["processing_time"] = nanoseconds,
            ["average_processing_time"] = answered == 0 ? 0 : nanoseconds / answered,
        };
    }
}
