using System.Data.Common;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;

namespace Tickets.Handlers.Units;

/// <summary>
/// The write of a decision, inside its transaction. A command takes effect when none of these rows of the ledger is there, and then
/// writes them with its effect:
/// <list type="table">
/// <item><term>its own</term><description>of an earlier delivery of it</description></item>
/// <item><term>that of its replays</term><description>of another replay of what an operator has sent again (ADR 13)</description></item>
/// <item><term>that of its key</term><description>of another command with the same <c>Idempotency-Key</c> (ADR 7)</description></item>
/// </list>
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="decision">What the handler has decided.</param>
/// <param name="keyed">The command as those with its key see it; null without one.</param>
/// <param name="replayed">The command that this one replays; null when it replays none.</param>
internal sealed class CommandWrite(Ledger ledger, Decision decision, KeyedCommand? keyed, ReplayedCommand? replayed)
{
    private readonly CommandKey _own = new(decision.Command.Tenant, decision.Command.CommandId);
    private readonly Guid _id = TimedId.New();
    private LedgerEntry? _entry;

    /// <summary>What became of the command. There once it was applied.</summary>
    public LedgerEntry Entry => _entry!;

    /// <summary>Whether that is what another command with the same key got.</summary>
    public bool IsRepeat { get; private set; }

    /// <returns>False when nothing changes, and so nothing is sent.</returns>
    public async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        // Nearly every command is new: one question for both rows says so.
        var isNew = keyed is not null && !await keyed.IsKnownAsync(transaction);
        if (await SettledAsync(transaction, isNew, cancellation) is { } settled)
        {
            _entry = settled;

            // This very decision: a commit came through whose answer was lost. What it says is still to be sent.
            return settled.Decision == _id;
        }

        var first = keyed is null || isNew ? null : await keyed.FirstAsync(transaction, cancellation);
        if (first is not null && (replayed is null || first.TookEffect))
        {
            await RepeatAsync(transaction, first, cancellation);
            return false;
        }

        await TakeEffectAsync(transaction, isFirst: first is null, cancellation);
        return true;
    }

    private async ValueTask<LedgerEntry?> SettledAsync(DbTransaction transaction, bool isNew, CancellationToken cancellation)
    {
        var own = isNew ? null : await ledger.FindAsync(transaction, _own, cancellation);
        return own is null && replayed is not null ? await replayed.FindAsync(transaction, decision.Command.Fingerprint, cancellation) : own;
    }

    private async ValueTask RepeatAsync(DbTransaction transaction, LedgerEntry first, CancellationToken cancellation)
    {
        _entry = await keyed!.RepeatAsync(transaction, first, cancellation);
        IsRepeat = _entry == first;
        await KeepForReplaysAsync(transaction, cancellation);
    }

    private async ValueTask TakeEffectAsync(DbTransaction transaction, bool isFirst, CancellationToken cancellation)
    {
        foreach (var change in decision.Changes)
        {
            await change.ApplyAsync(transaction, cancellation);
        }

        // Written only now: the store has just given the ticket its number.
        var body = decision.Result is { } result ? JsonSerializer.Serialize(result, result.GetType(), WireJson.Default) : "null";
        _entry = new LedgerEntry(decision.Status, body, decision.Command.Fingerprint, _id);
        await ledger.InsertAsync(transaction, _own, _entry, cancellation);
        await KeepForReplaysAsync(transaction, cancellation);

        // A replay that is refused takes no place: the next one may take effect. Nor does one whose client was refused.
        if (keyed is not null && isFirst && (replayed is null || _entry.TookEffect))
        {
            await keyed.KeepAsync(transaction, _entry, cancellation);
        }
    }

    private ValueTask KeepForReplaysAsync(DbTransaction transaction, CancellationToken cancellation) =>
        replayed?.KeepAsync(transaction, Entry, cancellation) ?? ValueTask.CompletedTask;
}
