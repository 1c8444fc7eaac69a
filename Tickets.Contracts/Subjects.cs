using System.Globalization;

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
    public const string AllCommands = $"{CommandPrefix}>";

    /// <summary>All dead letters.</summary>
    public const string AllDeadLetters = $"{DeadLetterPrefix}>";

    /// <summary>The notes beside dead letters, of which were replayed. No tenant can be called as they are.</summary>
    public const string AllReplayNotes = $"{ReplayNotePrefix}*";

    /// <summary>What <see cref="EventStream"/> holds. <c>*</c> is one token, so no command is among them.</summary>
    public static readonly IReadOnlyList<string> AllEvents = ["ticket.*", "notification.*", "audit.*"];

    /// <summary>Which token of a command's and a request's subject is the tenant, from 0.</summary>
    public const int TenantToken = 2;

    /// <summary>How the subject of a command begins.</summary>
    public const string CommandPrefix = "ticket.commands.";

    private const string DeadLetterPrefix = "dlq.ticket.";
    private const string ReplayNotePrefix = $"{DeadLetterPrefix}$replays.";

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
        return $"{DeadLetterPrefix}{rest.Replace('*', '_').Replace('>', '_')}";
    }

    /// <summary>The dead letters of a tenant.</summary>
    /// <param name="tenant">A valid tenant; null for those of any, without the notes of replays.</param>
    public static string DeadLettersOf(string? tenant) => $"{DeadLetterPrefix}{tenant ?? "*"}.>";

    /// <summary>The note that a dead letter was replayed.</summary>
    /// <param name="sequence">The letter's place in <see cref="DeadLetterStream"/>, from 1.</param>
    public static string ReplayNote(ulong sequence) => string.Create(CultureInfo.InvariantCulture, $"{ReplayNotePrefix}{sequence}");
}
