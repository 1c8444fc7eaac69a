namespace Wolverine.Nats.Sending;

/// <summary>Publishes whose acks are waited for together.</summary>
/// <param name="inbox">Where their acks go.</param>
/// <param name="id">The batch's place in the inbox.</param>
/// <param name="count">How many there are.</param>
internal sealed class AckBatch(AckInbox inbox, long id, int count) : IDisposable
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PublishAck[] _acks = new PublishAck[count];
    private readonly Lock _gate = new();
    private int _open = count;

    public long Id => id;

    /// <summary>The subject that a publish's ack is to go to.</summary>
    public string ReplyTo(int number) => inbox.SubjectOf(id, number);

    /// <summary>Keeps an ack. A second one for the same publish is left out.</summary>
    public void Set(int number, PublishAck ack)
    {
        lock (_gate)
        {
            if ((uint)number < (uint)_acks.Length && _acks[number].Kind == PublishAck.Answer.None)
            {
                _acks[number] = ack;
                Close();
            }
        }
    }

    /// <summary>No ack will come for one of them.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            Close();
        }
    }

    /// <summary>Returns when all of them are acknowledged or given up, or at the limit: then the missing ones have no ack.</summary>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public async Task<PublishAck[]> WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await _all.Task.WaitAsync(limit, cancellation);
        }
        catch (TimeoutException)
        {
            // What is missing says so.
        }

        lock (_gate)
        {
            return [.. _acks];
        }
    }

    public void Dispose() => inbox.Close(this);

    private void Close()
    {
        if (--_open == 0)
        {
            _all.SetResult();
        }
    }
}
