using Microsoft.Extensions.Logging;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Keeps the leases of deliveries that are handled, wait for it or become dead letters. Wolverine would tell them apart by the ids of their messages, and two
/// may have one: it came twice, or two tenants chose it. While NATS is away a renewal is tried until it gets through or the lease is over.
/// </summary>
/// <param name="lease">How long one lasts.</param>
/// <param name="longest">The longest a delivery is kept by renewing.</param>
/// <param name="unsettled">The listener's deliveries.</param>
/// <param name="settlement">Tells the server.</param>
/// <param name="logger">Is told what was lost.</param>
internal sealed partial class Leases(TimeSpan lease, TimeSpan longest, Unsettled unsettled, Settlement settlement, ILogger logger)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ending = new();

    /// <summary>Completes when it was told to end and all is settled or lost.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Renews from now on.</summary>
    public void Start() => Ended = Task.Run(RunAsync);

    /// <summary>Renews until all that is there is settled or lost: a listener that is paused leaves it to the handlers that have it.</summary>
    public Task EndAsync() => _ending.CancelAsync();

    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested || unsettled.Renewed.Any())
        {
            await Task.Delay(lease / 2, _ending.IsCancellationRequested ? CancellationToken.None : _ending.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RenewAsync([.. unsettled.Renewed]);
        }
    }

    // All at once, and without waiting for those that take long.
    private async Task RenewAsync(NatsEnvelope[] envelopes)
    {
        await Task.WhenAll(envelopes.Where(envelope => envelope.Age + lease <= longest).Select(RenewAsync))
            .WaitAsync(Moment)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var lost in envelopes.Where(IsOver))
        {
            LogLost(logger, lost.Delivery.Metadata!.Value.Sequence.Stream, lost.Delivery.Subject, lost.Age);
            lost.Lose();
        }
    }

    private async Task RenewAsync(NatsEnvelope envelope)
    {
        if (!envelope.TryBeginRenewal())
        {
            return;
        }

        var renewed = false;
        try
        {
            while (!renewed && !envelope.IsSettled && !IsOver(envelope))
            {
                renewed = await settlement.TryRenewAsync(envelope.Delivery);
                if (!renewed)
                {
                    await Task.Delay(Moment);
                }
            }
        }
        finally
        {
            envelope.EndRenewal(renewed);
        }
    }

    private bool IsOver(NatsEnvelope envelope) => !envelope.IsSettled && envelope.LeaseAge > lease;

    [LoggerMessage(4015, LogLevel.Warning, "The lease of message {Sequence} on {Subject} is over after {Age}; the message will be delivered again, and is not handled here if it still waits for that")]
    private static partial void LogLost(ILogger logger, ulong sequence, string subject, TimeSpan age);
}
