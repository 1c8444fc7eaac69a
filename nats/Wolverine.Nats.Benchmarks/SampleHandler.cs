namespace Wolverine.Nats.Benchmarks;

/// <summary>Does nothing but count.</summary>
public static class SampleHandler
{
    private static TaskCompletionSource _done = new();
    private static int _left;

    /// <returns>Completes when so many messages have been handled.</returns>
    public static Task Expect(int messages)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, messages);
        return _done.Task;
    }

    public static void Handle(Sample message)
    {
        _ = message;
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.SetResult();
        }
    }
}
