namespace Tickets.Handlers.Storage;

/// <summary>A unit in the queue or in its group, and whoever waits for it.</summary>
internal sealed class PendingUnit(IUnitOfWork unit, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IUnitOfWork Unit { get; } = unit;

    public Task Completion => _done.Task;

    /// <summary>What the unit itself threw; its neighbours go on.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Whether somebody still waits for it. From here on it goes through.</summary>
    public bool TryTake() => !cancellation.IsCancellationRequested || !_done.TrySetCanceled(cancellation);

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
}
