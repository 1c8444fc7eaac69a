using Tickets.Contracts;
using Tickets.Handlers.Records;
using Wolverine;
using Wolverine.Runtime;

namespace Tickets.Handlers.Units;

/// <summary>What the handler of a notification writes and sends. One that was settled before makes all of it a repeat.</summary>
/// <param name="Change">What is written; null for nothing.</param>
/// <param name="Messages">What is sent once that is committed.</param>
public sealed record Recording(SettleNotification? Change, IReadOnlyList<ITicketMessage> Messages) : ISideEffect
{
    /// <summary>When there is nothing to write.</summary>
    public static readonly Recording Nothing = new(null, []);

    /// <summary>Wolverine calls it after the handler.</summary>
    public Task ExecuteAsync(MessageContext context, MessageCommitter committer, CancellationToken cancellation) =>
        Change is null ? Task.CompletedTask : committer.CommitAsync(context, Change.Tenant, Messages, Change.ApplyAsync, cancellation);
}
