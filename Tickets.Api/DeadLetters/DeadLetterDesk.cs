namespace Tickets.Api.DeadLetters;

/// <summary>What an operator does with dead letters. See ADR 13.</summary>
internal sealed partial class DeadLetterDesk(
    LetterStream stream, ReplayNotes notes, ReplaySender sender, LetterFates fates, ForgottenLetters forgotten, ILogger<DeadLetterDesk> logger)
{
    /// <summary>Why a letter can't be replayed, to be read after "it"; null when it can.</summary>
    public string? Fault(Letter letter) => LetterFates.Misfit(letter) ?? forgotten.Fault(letter);

    /// <summary>What has come of a letter; null when nothing can be known of it.</summary>
    /// <exception cref="NATS.Client.Core.NatsException">NATS is out of reach.</exception>
    /// <exception cref="System.Data.Common.DbException">The database is out of reach.</exception>
    public async Task<Replay?> FateAsync(Letter letter, CancellationToken cancellation) =>
        LetterFates.Misfit(letter) is null && (await fates.FindAsync(letter, cancellation)).Replay is var replay
        && (replay.Status == ReplayStatus.Succeeded || forgotten.Fault(letter) is null) ? replay : null;

    /// <summary>
    /// Publishes a letter's message again, unless it took effect. Whoever does so, as often and at the same time as they
    /// like: it takes effect once.
    /// </summary>
    /// <exception cref="NATS.Client.Core.NatsException">It was not confirmed; replaying it again is safe.</exception>
    /// <exception cref="System.Data.Common.DbException">The database is out of reach; nothing was sent.</exception>
    public async Task<ReplayResult> ReplayAsync(Letter letter, CancellationToken cancellation)
    {
        if ((LetterFates.Misfit(letter) ?? await fates.WithdrawalAsync(letter, cancellation)) is { } fault)
        {
            return new ReplayResult.Refused(fault);
        }

        var (replay, next) = await fates.FindAsync(letter, cancellation);
        if (replay.Status == ReplayStatus.Succeeded)
        {
            return new ReplayResult.Done(replay);
        }

        if (forgotten.Fault(letter) is { } unknown)
        {
            return new ReplayResult.Refused(unknown);
        }

        if (replay.Status == ReplayStatus.Refused && !letter.IsCommand)
        {
            return new ReplayResult.Refused("was given up by its channel, which settles a notification for good");
        }

        await sender.SendAsync(letter, next, cancellation);
        await notes.AddAsync(letter, next, cancellation);
        LogReplayed(logger, letter.Sequence, letter.Subject, next);
        return new ReplayResult.Sent((await fates.FindAsync(letter, cancellation)).Replay);
    }

    /// <summary>Removes a letter for good.</summary>
    /// <returns>False when it is gone already.</returns>
    /// <exception cref="NATS.Client.Core.NatsException">NATS is out of reach.</exception>
    public async Task<bool> DiscardAsync(Letter letter, CancellationToken cancellation)
    {
        if (!await stream.RemoveAsync(letter.Sequence, cancellation))
        {
            return false;
        }

        LogDiscarded(logger, letter.Sequence, letter.Subject, letter.Identity, letter.Reason);
        await notes.RemoveAsync(letter, cancellation);
        return true;
    }

    [LoggerMessage(1040, LogLevel.Information, "Dead letter {Sequence} from {Subject} was replayed as {MessageId}")]
    private static partial void LogReplayed(ILogger logger, ulong sequence, string subject, string messageId);

    [LoggerMessage(1041, LogLevel.Warning, "Dead letter {Sequence} from {Subject}, command or event {Identity}, was discarded; its reason was: {Reason}")]
    private static partial void LogDiscarded(ILogger logger, ulong sequence, string subject, Guid identity, string reason);
}
