namespace Tickets.Contracts;

/// <summary>The subjects and streams on NATS.</summary>
public static class Subjects
{
    /// <summary>The work queue of commands.</summary>
    public const string CommandStream = "TICKET_COMMANDS";

    /// <summary>The events, notifications and audit records of the last days.</summary>
    public const string EventStream = "TICKET_EVENTS";

    /// <summary>What could never be handled.</summary>
    public const string DeadLetterStream = "TICKET_DLQ";

    /// <summary>All three.</summary>
    public static readonly IReadOnlyList<string> Streams = [CommandStream, EventStream, DeadLetterStream];

    /// <summary>All commands of all tenants.</summary>
    public const string AllCommands = "ticket.commands.>";

    /// <summary>All dead letters.</summary>
    public const string AllDeadLetters = "dlq.ticket.>";

    /// <summary>What <see cref="EventStream"/> holds. <c>*</c> is one token, so no command is among them.</summary>
    public static readonly IReadOnlyList<string> AllEvents = ["ticket.*", "notification.*", "audit.*"];

    /// <summary>Which token of a request's subject is the tenant, from 0.</summary>
    public const int RequestTenantToken = 2;

    private const string CommandPrefix = "ticket.commands.";

    /// <summary>The subject of a command.</summary>
    /// <param name="tenant">A valid tenant, or <c>{tenant}</c> for a pattern.</param>
    /// <param name="verb">The verb, such as <c>create</c>.</param>
    public static string Command(string tenant, string verb) => $"{CommandPrefix}{tenant}.{verb}";

    /// <summary>The subject of a request that is answered at once.</summary>
    /// <param name="tenant">A valid tenant, or <c>*</c> for all.</param>
    /// <param name="verb">The verb, such as <c>get</c>.</param>
    public static string Request(string tenant, string verb) => $"ticket.api.{tenant}.{verb}";

    /// <summary>Where a message that was given up goes: its tenant and verb, or what it was about.</summary>
    /// <param name="subject">The subject it was published to.</param>
    /// <param name="tenant">The tenant, when it could be read.</param>
    public static string DeadLetter(string subject, string? tenant)
    {
        var rest = subject.StartsWith(CommandPrefix, StringComparison.Ordinal)
            ? subject[CommandPrefix.Length..]
            : $"{tenant ?? "unknown"}.{subject.Replace('.', '_')}";
        return $"dlq.ticket.{rest.Replace('*', '_').Replace('>', '_')}";
    }
}
