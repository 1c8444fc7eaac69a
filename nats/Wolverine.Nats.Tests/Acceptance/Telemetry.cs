using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wolverine.Nats.Diagnostics;

namespace Wolverine.Nats.Tests.Acceptance;

/// <summary>Listens to the transport's activities and meter. Others run at the same time: ask by stream.</summary>
public sealed class Telemetry : IDisposable
{
    private readonly ConcurrentQueue<Activity> _activities = [];
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measurements = [];
    private readonly ActivityListener _traces;
    private readonly MeterListener _meters = new();

    public Telemetry()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name is NatsInstrumentation.Name or "Wolverine",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_traces);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == NatsInstrumentation.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.Start();
    }

    /// <summary>The activities of this name within a trace.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace, string name) =>
        [.. _activities.Where(activity => activity.TraceId == trace && activity.OperationName == name)];

    /// <summary>What an instrument measured with these tags.</summary>
    public IReadOnlyList<double> Of(string instrument, params (string Name, object Value)[] tags) =>
        [.. _measurements.Where(found => found.Instrument == instrument && tags.All(tag => tag.Value.Equals(found.Tags.GetValueOrDefault(tag.Name)))).Select(found => found.Value)];

    public void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
    }

    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue((instrument.Name, Convert.ToDouble(value, null), tags.ToArray().ToDictionary()));
}
