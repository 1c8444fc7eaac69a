namespace Tickets.Handlers.Storage;

/// <summary>A fault that is waited for: told of once when it begins and once when it ends, whatever number of tries lies between.</summary>
/// <param name="begins">Called with the fault of the first try that failed.</param>
/// <param name="ends">Called when a try succeeds again.</param>
internal sealed class LastingFault(Action<Exception> begins, Action ends)
{
    private Exception? _last;

    /// <summary>The fault of the latest try; null when it succeeded.</summary>
    public Exception? Last => Volatile.Read(ref _last);

    /// <summary>What came of a try.</summary>
    /// <param name="fault">Why it failed; null when it did not.</param>
    public void Report(Exception? fault)
    {
        var before = Interlocked.Exchange(ref _last, fault);
        if (before is null && fault is not null)
        {
            begins(fault);
        }
        else if (before is not null && fault is null)
        {
            ends();
        }
    }
}
