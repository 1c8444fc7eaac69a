using Tickets.Contracts;
using Tickets.Handlers.Records;
using Wolverine;
using Wolverine.Runtime;

namespace Tickets.Handlers.Units;

/// <summary>What a command handler decides: everything that is stored, said and sent, or nothing of it.</summary>
/// <param name="Command">The command's circumstances.</param>
/// <param name="Status">The outcome's HTTP status code.</param>
/// <param name="Result">The outcome's body, one of the types of <see cref="WireJson"/>; null for none.</param>
/// <param name="Changes">What is written.</param>
/// <param name="Messages">What is sent once that is committed.</param>
public sealed record Decision(
    CommandContext Command,
    int Status,
    object? Result,
    IReadOnlyList<IChange> Changes,
    IReadOnlyList<ITicketMessage> Messages) : ISideEffect
{
    /// <summary>Wolverine calls it after the handler: commits, then answers who waits.</summary>
    public Task ExecuteAsync(MessageContext context, CommandCommitter committer, CancellationToken cancellation) =>
        committer.CommitAsync(this, context, cancellation);
}
