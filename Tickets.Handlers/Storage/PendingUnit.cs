using System.Diagnostics;

namespace Tickets.Handlers.Storage;

/// <summary>A unit in the queue or in its group, and whoever waits for it.</summary>
internal sealed class PendingUnit
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _abandonment;
    private int _state;

    public PendingUnit(IUnitOfWork unit, CancellationToken cancellation)
    {
        Unit = unit;
        _abandonment = cancellation.UnsafeRegister(static (pending, token) => ((PendingUnit)pending!).Abandon(token), this);
    }

    public IUnitOfWork Unit { get; }

    /// <summary>Whose rows it touches; empty when it touches no tenant's.</summary>
    public string Tenant => Unit.Tenant ?? string.Empty;

    public Task Completion => _done.Task;

    /// <summary>The span of whoever waits for it; none while nobody listens to traces.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>What the unit itself threw; its neighbours go on.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The rows that it needs, not those of a neighbour, are not to be had at present.</summary>
    public bool IsHeldUp => Fault is { } fault and not GroupAbortedException && StorageFaults.IsHeldUp(fault);

    /// <summary>It is written, or has failed for good: a repeat of its group leaves it out.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Whether somebody still waits for it. From here on it goes through.</summary>
    public bool TryTake()
    {
        _abandonment.Unregister();
        return Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;
    }

    public void Complete()
    {
        if (Fault is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(Fault);
        }
    }

    public void Fail(Exception fault) => _done.TrySetException(fault);

    private void Abandon(CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting)
        {
            _done.TrySetCanceled(cancellation);
        }
    }
}
