using System.Runtime.CompilerServices;

namespace Tickets.Api.Events;

/// <summary>Tells when nothing comes.</summary>
internal static class Pauses
{
    /// <summary>What comes, and null whenever nothing has come for a while.</summary>
    /// <param name="coming">What comes.</param>
    /// <param name="pause">For how long nothing came.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async IAsyncEnumerable<T?> WithPauses<T>(this IAsyncEnumerable<T> coming, TimeSpan pause, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var each = coming.GetAsyncEnumerator(ending.Token);
        var next = each.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!await HasComeAsync(next, pause, ending.Token))
                {
                    yield return null;
                    continue;
                }

                if (!await next)
                {
                    yield break;
                }

                yield return each.Current;
                next = each.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // It can't be disposed of while it moves.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async ValueTask<bool> HasComeAsync(Task next, TimeSpan pause, CancellationToken cancellation)
    {
        if (next.IsCompleted)
        {
            return true;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(next, Task.Delay(pause, waiting.Token));
        cancellation.ThrowIfCancellationRequested();

        // Else a timer for each message would go on for as long as a pause.
        await waiting.CancelAsync();
        return first == next;
    }
}
