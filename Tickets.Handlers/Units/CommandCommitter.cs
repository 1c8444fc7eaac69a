using System.Data.Common;
using System.Text.Json;
using Tickets.Contracts;
using Tickets.Contracts.Commands;
using Tickets.Handlers.Records;
using Tickets.Handlers.Storage;
using Wolverine;
using Wolverine.Runtime;

namespace Tickets.Handlers.Units;

/// <summary>
/// Commits a decision with its ledger row, and answers. A command whose row is there already changes nothing and gets
/// the first answer again.
/// </summary>
public sealed class CommandCommitter(
    MessageCommitter messages, Ledger ledger, ReplaySeals seals, PatientReading patience, OutboxDepth outbox, ILocalCallers callers)
{
    /// <summary>The name of the endpoint that answers leave by.</summary>
    public const string ReplyEndpoint = "command-outcomes";

    /// <summary>Returns when the decision is durable and its answer is on the way. While the outbox is full, it waits for room first.</summary>
    /// <exception cref="OutboxFullException">The process stops before there is room.</exception>
    public async Task CommitAsync(Decision decision, MessageContext context, CancellationToken cancellation)
    {
        var key = new CommandKey(decision.Command.Tenant, decision.Command.CommandId);
        var replayed = decision.Command.Replayed is { } first && first != key.CommandId
            ? await ReplayedAsync(context.Envelope!, key, first, cancellation)
            : null;
        var keyed = decision.Command.KeyId is { } keyId && keyId != key.CommandId ? new KeyedCommand(ledger, decision.Command, keyId) : null;
        var id = TimedId.New();
        LedgerEntry? entry = null;
        var repeats = false;
        await outbox.RoomAsync(cancellation);
        await messages.CommitAsync(context, key.Tenant, decision.Messages, ApplyAsync, cancellation);
        CommandInstrumentation.Record(context.Envelope!.Message, entry!.Status);
        await ReplyAsync(context, key.Tenant, new CommandOutcome(entry.Status, entry.Body) { Replayed = repeats });

        async ValueTask<bool> ApplyAsync(DbTransaction transaction, CancellationToken token)
        {
            var isNew = keyed is not null && !await keyed.IsKnownAsync(transaction);
            entry = isNew ? null : await ledger.FindAsync(transaction, key, token);
            if (entry is null && replayed is not null)
            {
                entry = await replayed.FindAsync(transaction, decision.Command.Fingerprint, token);
            }

            if (entry is not null)
            {
                // Its own row: a commit came through whose answer was lost. What it says is still to be sent.
                return entry.Decision == id;
            }

            var earliest = keyed is null || isNew ? null : await keyed.FirstAsync(transaction, token);
            if (earliest is not null && (replayed is null || earliest.TookEffect))
            {
                entry = await keyed!.RepeatAsync(transaction, earliest, token);
                repeats = entry == earliest;
                await KeepReplayAsync();
                return false;
            }

            foreach (var change in decision.Changes)
            {
                await change.ApplyAsync(transaction, token);
            }

            // Written only now: the store has just given the ticket its number.
            entry = new LedgerEntry(decision.Status, BodyOf(decision), decision.Command.Fingerprint, id);
            await ledger.InsertAsync(transaction, key, entry, token);
            await KeepReplayAsync();

            // A replay that is refused takes no place: the next one may take effect. Nor does one whose client was refused.
            if (keyed is not null && earliest is null && (replayed is null || entry.TookEffect))
            {
                await keyed.KeepAsync(transaction, entry, token);
            }

            return true;

            ValueTask KeepReplayAsync() => replayed?.KeepAsync(transaction, entry, token) ?? ValueTask.CompletedTask;
        }
    }

    /// <exception cref="ForgedReplayException">No operator has sent it.</exception>
    private async Task<ReplayedCommand> ReplayedAsync(Envelope envelope, CommandKey key, Guid first, CancellationToken cancellation)
    {
        var subject = Subjects.Command(key.Tenant, WireNames.Verbs[envelope.Message!.GetType()]);
        var seal = envelope.Headers.GetValueOrDefault(CommandHeaders.ReplaySeal);
        return await patience.AskAsync(token => seals.IsGoodAsync(seal, subject, key.CommandId, first, envelope.Data, token).AsTask(), cancellation)
            ? new ReplayedCommand(ledger, key with { CommandId = first })
            : throw new ForgedReplayException();
    }

    private static string BodyOf(Decision decision) =>
        decision.Result is { } result ? JsonSerializer.Serialize(result, result.GetType(), WireJson.Default) : "null";

    private ValueTask ReplyAsync(MessageContext context, string tenant, CommandOutcome outcome)
    {
        var command = context.Envelope!;
        var replyTo = command.Headers.GetValueOrDefault(CommandHeaders.ReplyTo);
        return !CommandHeaders.MayAnswer(replyTo, tenant) || callers.TryAnswer(replyTo!, command.Id, outcome)
            ? ValueTask.CompletedTask
            : context.EndpointFor(ReplyEndpoint).SendAsync(outcome, new DeliveryOptions().WithHeader(CommandHeaders.ReplyTo, replyTo!));
    }
}
