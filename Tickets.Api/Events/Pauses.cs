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
            for (var (silence, isSilent) = (Task.Delay(pause, ending.Token), true); ; isSilent = false)
            {
                while (!next.IsCompleted && await Task.WhenAny(next, silence) == silence)
                {
                    if (isSilent)
                    {
                        ending.Token.ThrowIfCancellationRequested();
                        yield return null;
                    }

                    (silence, isSilent) = (Task.Delay(pause, ending.Token), true);
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
}
