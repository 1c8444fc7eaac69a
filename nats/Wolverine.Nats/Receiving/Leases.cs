namespace Wolverine.Nats.Receiving;

/// <summary>
/// Keeps the leases of deliveries that are handled or wait for it. While NATS is away a renewal is tried until it gets through or the
/// lease is over: Wolverine would ask for the next one only when it is.
/// </summary>
/// <param name="lease">How long one lasts.</param>
/// <param name="longest">The longest a delivery is kept by renewing.</param>
/// <param name="settlement">Tells the server.</param>
internal sealed class Leases(TimeSpan lease, TimeSpan longest, Settlement settlement)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    /// <summary>Renews all of them at once, and does not wait for those that take long.</summary>
    /// <returns>Those whose lease is over: the server delivers them again.</returns>
    public async Task<IReadOnlyList<Envelope>> RenewAsync(IEnumerable<Envelope> envelopes, CancellationToken cancellation)
    {
        var held = envelopes.OfType<NatsEnvelope>().Where(envelope => !envelope.IsSettled).ToArray();
        await Task.WhenAll(held.Select(envelope => RenewAsync(envelope, cancellation)))
            .WaitAsync(Moment, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. held.Where(IsOver)];
    }

    /// <summary>Waits for a handler whose delivery Wolverine does not renew, and renews it, but not for ever. Never leaves a handler alone.</summary>
    public async Task RenewWhileAsync(Task handling, NatsEnvelope envelope)
    {
        for (var held = lease * 1.5; held <= longest && !await IsOverWithinAsync(lease / 2, handling); held += lease / 2)
        {
            _ = RenewAsync(envelope, CancellationToken.None);
        }

        await handling;
    }

    private static async Task<bool> IsOverWithinAsync(TimeSpan time, Task handling)
    {
        await handling.WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return handling.IsCompleted;
    }

    private async Task RenewAsync(NatsEnvelope envelope, CancellationToken cancellation)
    {
        if (!envelope.TryBeginRenewal())
        {
            return;
        }

        var renewed = false;
        try
        {
            while (!renewed && !envelope.IsSettled && !IsOver(envelope) && !cancellation.IsCancellationRequested)
            {
                renewed = await settlement.TryRenewAsync(envelope.Delivery, cancellation);
                if (!renewed)
                {
                    await Task.Delay(Moment, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            envelope.EndRenewal(renewed);
        }
    }

    private bool IsOver(NatsEnvelope envelope) => !envelope.IsSettled && envelope.LeaseAge > lease;
}
