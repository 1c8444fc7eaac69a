using Tickets.Contracts.Commands;

namespace Tickets.Handlers.Units;

/// <summary>Who waits in this process for the outcomes of commands that it has sent itself.</summary>
public interface ILocalCallers
{
    /// <summary>Hands an outcome to whoever waits for it here.</summary>
    /// <param name="replyTo">Where the command wants its answer.</param>
    /// <param name="commandId">The command.</param>
    /// <param name="outcome">What became of it.</param>
    /// <returns>False when that is not an address of this process: the outcome is to be sent there.</returns>
    bool TryAnswer(string replyTo, Guid commandId, CommandOutcome outcome);
}
