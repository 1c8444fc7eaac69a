using System.Diagnostics;

namespace Wolverine.Nats.Diagnostics;

/// <summary>One publish or settlement, for as long as it takes. It counts as failed unless <see cref="Succeed"/> was called.</summary>
internal struct ClientOperation(string name, string? stream, Activity? activity) : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private string? _fault = "cancelled";

    public void Succeed() => _fault = null;

    public void End(Exception? fault)
    {
        if (fault is null)
        {
            Succeed();
        }
        else
        {
            Fail(fault);
        }
    }

    public void Fail(Exception exception)
    {
        _fault = exception.GetType().Name;
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
    }

    public readonly void Dispose()
    {
        if (NatsInstrumentation.Duration.Enabled)
        {
            NatsInstrumentation.Duration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, NatsInstrumentation.Tags(name, stream, _fault));
        }

        if (name == "publish")
        {
            NatsInstrumentation.RecordSent(stream, _fault);
        }

        activity?.Dispose();
    }
}
