using Tickets.Contracts;
using Tickets.Contracts.Commands;
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
        var command = decision.Command;
        var write = new CommandWrite(ledger, decision, Keyed(command), await ReplayedAsync(context.Envelope!, command, cancellation));
        await outbox.RoomAsync(cancellation);
        await messages.CommitAsync(context, command.Tenant, decision.Messages, write.ApplyAsync, cancellation);
        CommandInstrumentation.Record(context.Envelope!.Message, write.Entry.Status);
        await ReplyAsync(context, command.Tenant, write.Entry.Outcome with { Replayed = write.IsRepeat });
    }

    // A stranger's command may name itself.
    private KeyedCommand? Keyed(CommandContext command) =>
        command.KeyId is { } key && key != command.CommandId ? new KeyedCommand(ledger, command, key) : null;

    /// <exception cref="ForgedReplayException">No operator has sent it.</exception>
    private async Task<ReplayedCommand?> ReplayedAsync(Envelope envelope, CommandContext command, CancellationToken cancellation)
    {
        if (command.Replayed is not { } first || first == command.CommandId)
        {
            return null;
        }

        var subject = Subjects.Command(command.Tenant, WireNames.Verbs[envelope.Message!.GetType()]);
        var seal = envelope.Headers.GetValueOrDefault(CommandHeaders.ReplaySeal);
        return await patience.AskAsync(token => seals.IsGoodAsync(seal, subject, command.CommandId, first, envelope.Data, token).AsTask(), cancellation)
            ? new ReplayedCommand(ledger, new CommandKey(command.Tenant, first))
            : throw new ForgedReplayException();
    }

    private ValueTask ReplyAsync(MessageContext context, string tenant, CommandOutcome outcome)
    {
        var command = context.Envelope!;
        var replyTo = command.Headers.GetValueOrDefault(CommandHeaders.ReplyTo);
        return !CommandHeaders.MayAnswer(replyTo, tenant) || callers.TryAnswer(replyTo!, command.Id, outcome)
            ? ValueTask.CompletedTask
            : context.EndpointFor(ReplyEndpoint).SendAsync(outcome, new DeliveryOptions().WithHeader(CommandHeaders.ReplyTo, replyTo!));
    }
}
