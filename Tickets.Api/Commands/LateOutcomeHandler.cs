using Tickets.Contracts.Commands;

namespace Tickets.Api.Commands;

/// <summary>
/// Takes the outcome of a command whose caller has stopped waiting. It is in the ledger, so nothing is lost; without a
/// handler it would be dead-lettered as a message of unknown type.
/// </summary>
public static partial class LateOutcomeHandler
{
    public static void Handle(CommandOutcome outcome, ILogger<CommandSender> logger) => LogLate(logger, outcome.Status);

    [LoggerMessage(1010, LogLevel.Debug, "The outcome {Status} of a command came after its caller had stopped waiting")]
    private static partial void LogLate(ILogger logger, int status);
}
