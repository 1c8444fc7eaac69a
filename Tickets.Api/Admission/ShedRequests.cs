using System.Diagnostics.Metrics;

namespace Tickets.Api.Admission;

/// <summary>Counts the requests that were refused because there was too much to do.</summary>
public sealed class ShedRequests : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Tickets";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _counter;
    private readonly long[] _counts = new long[Enum.GetValues<RequestKind>().Length];

    /// <summary>Made by the container.</summary>
    public ShedRequests() =>
        _counter = _meter.CreateCounter<long>("tickets.requests.shed", "{request}", "Requests refused because there was too much to do");

    /// <summary>One more.</summary>
    public void Count(RequestKind kind)
    {
        Interlocked.Increment(ref _counts[(int)kind]);
        _counter.Add(1, new KeyValuePair<string, object?>("kind", NameOf(kind)));
    }

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
