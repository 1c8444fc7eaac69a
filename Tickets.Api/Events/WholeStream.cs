using System.Runtime.CompilerServices;
using NATS.Client.Core;

namespace Tickets.Api.Events;

/// <summary>
/// Puts in what a consumer has passed over. On servers of 2.9 one on a node that was away skips what its copy of the stream does not
/// have yet, and never comes back to it. A consumer without a filter has every sequence, so one that is left out was either passed over or
/// has left the stream, and the stream's leader knows which.
/// </summary>
/// <param name="next">The first message from a sequence on, as the leader has it; null when there is none.</param>
/// <param name="newest">The newest sequence, as the leader has it.</param>
/// <param name="pause">After how long without a message the leader is asked whether there is one.</param>
internal sealed class WholeStream(
    Func<ulong, CancellationToken, Task<StreamMessage?>> next, Func<CancellationToken, Task<ulong>> newest, TimeSpan pause)
{
    /// <summary>What was delivered, in order, without gaps and without repeats. It ends when the stream has gone back.</summary>
    /// <param name="delivered">What a consumer without a filter delivers.</param>
    /// <param name="after">The sequence after which it begins; null when that was chosen by the consumer.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="NatsException">What is left out can't be asked for; whoever reads goes on where it was.</exception>
    public async IAsyncEnumerable<StreamMessage> ReadAsync(
        IAsyncEnumerable<StreamMessage> delivered, ulong? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in delivered.WithPauses(pause, cancellation))
        {
            var end = message?.Sequence ?? await EndAsync(cancellation);
            if (message is null && end > 0 && after >= end)
            {
                // It is another stream by now: whoever reads begins anew.
                yield break;
            }

            while (after is { } last && last + 1 < end && await next(last + 1, cancellation) is { } missed && missed.Sequence < end)
            {
                after = missed.Sequence;
                yield return missed;
            }

            if (message is not null && !(message.Sequence <= after))
            {
                after = message.Sequence;
                yield return message;
            }
        }
    }

    // While nobody leads the stream, nothing is known to be left out.
    private async Task<ulong> EndAsync(CancellationToken cancellation)
    {
        try
        {
            return await newest(cancellation) + 1;
        }
        catch (NatsException)
        {
            return 0;
        }
    }
}
