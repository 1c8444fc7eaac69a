using System.Diagnostics.Metrics;

namespace Tickets.Api.Admission;

/// <summary>Counts the requests that were refused because there was too much to do.</summary>
public sealed class ShedRequests : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Tickets";

    private readonly Meter _meter = new(MeterName);
    private readonly long[] _counts = new long[Enum.GetValues<RequestKind>().Length];

    // Told before the first one too: whoever watches the rate would not see a series that begins with what a burst has left.
    /// <summary>Made by the container.</summary>
    public ShedRequests() => _meter.CreateObservableCounter(
        "tickets.requests.shed",
        () => Counts().Select(kind => new Measurement<long>(kind.Value, new KeyValuePair<string, object?>("kind", kind.Key))),
        "{request}",
        "Requests refused because there was too much to do");

    /// <summary>One more.</summary>
    public void Count(RequestKind kind) => Interlocked.Increment(ref _counts[(int)kind]);

    /// <summary>How many of each kind since the start.</summary>
    public IReadOnlyDictionary<string, long> Counts() =>
        Enum.GetValues<RequestKind>().ToDictionary(NameOf, kind => Interlocked.Read(ref _counts[(int)kind]));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static string NameOf(RequestKind kind) => kind switch
    {
        RequestKind.Write => "write",
        RequestKind.Read => "read",
        _ => "events",
    };
}
