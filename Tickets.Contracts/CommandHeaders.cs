using System.Text.RegularExpressions;

namespace Tickets.Contracts;

/// <summary>The optional headers of a command on NATS. Everything else a publisher sends is ignored.</summary>
public static partial class CommandHeaders
{
    /// <summary>NATS's own: the identity of the command, by which a repeat is recognised.</summary>
    public const string MessageId = "Nats-Msg-Id";

    /// <summary>
    /// Who acts, 1 to 200 printable ASCII characters: a command that says anything else is refused. Default: the body's
    /// <c>created_by</c> or <c>author</c>, else <c>anonymous</c>.
    /// </summary>
    public const string Actor = "Actor";

    /// <summary>How many characters an <see cref="Actor"/> may have.</summary>
    public const int LongestActor = 200;

    /// <summary>
    /// Where the outcome goes: a subject under <c>_INBOX.</c> of up to 255 characters, but not under <c>_INBOX.tenant.</c> and
    /// another tenant; any other is ignored.
    /// </summary>
    public const string ReplyTo = "Reply-To";

    /// <summary>The W3C Trace Context of the caller.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>
    /// What ties a request to all that follows from it, up to 128 printable ASCII characters without spaces; any other is
    /// ignored.
    /// </summary>
    public const string CorrelationId = "X-Correlation-ID";

    /// <summary>How many characters a <see cref="CorrelationId"/> may have.</summary>
    public const int LongestCorrelationId = 128;

    /// <summary>
    /// Set by our own HTTP and NATS APIs for requests with a key: the UUID that all requests with that key share. A tenant's
    /// commands with the same one take effect once.
    /// </summary>
    public const string KeyId = "Tickets-Key-Id";

    /// <summary>Set with a <see cref="KeyId"/>: tells whether a repeat asks for the same.</summary>
    public const string Fingerprint = "Tickets-Fingerprint";

    /// <summary>Set by our own HTTP and NATS APIs and command line, so that the audit trail can tell its commands apart.</summary>
    public const string Door = "Tickets-Door";

    /// <summary>Set by a replay: the sequence of the dead letter in <see cref="Subjects.DeadLetterStream"/>.</summary>
    public const string ReplayOf = "Tickets-Replay-Of";

    /// <summary>
    /// Set by a replay: the identity of the command that was given up first, a UUID. That command and all its replays
    /// take effect once.
    /// </summary>
    public const string ReplayedCommand = "Tickets-Replayed-Command";

    /// <summary>Set by a replay: shows that an operator has sent it. Without it, a replay is refused.</summary>
    public const string ReplaySeal = "Tickets-Replay-Seal";

    private const string TenantInboxes = "_INBOX.tenant.";

    /// <summary>
    /// How many characters the subject of an answer may have: a server cuts off who publishes to one of some thousands.
    /// </summary>
    public const int LongestInbox = 255;

    /// <summary>Whether an answer may go there. A stranger's header must not make the service publish anywhere else.</summary>
    public static bool IsInbox(string? subject) => subject is { Length: <= LongestInbox } && Inbox().IsMatch(subject);

    /// <summary>
    /// Whether the outcome of a tenant's command may go there. Where tenants have users of their own, their inboxes are
    /// <c>_INBOX.tenant.{tenant}.</c>: nobody's command is answered in another's.
    /// </summary>
    /// <param name="subject">What the command names.</param>
    /// <param name="tenant">Whose command it is; null when nobody could tell.</param>
    public static bool MayAnswer(string? subject, string? tenant) => IsInbox(subject)
        && (!subject!.StartsWith(TenantInboxes, StringComparison.Ordinal)
            || (tenant is not null && subject.StartsWith($"{TenantInboxes}{tenant}.", StringComparison.Ordinal)));

    /// <summary>Whether somebody can be called so, over HTTP and NATS alike: a name travels on in headers, logs and records.</summary>
    public static bool IsActor(string? name) => IsPrintable(name, LongestActor) && !string.IsNullOrWhiteSpace(name);

    /// <summary>Whether it is 1 to so many printable ASCII characters.</summary>
    public static bool IsPrintable(string? value, int longest) =>
        value?.Length > 0 && value.Length <= longest && value.All(character => character is >= ' ' and <= '~');

    /// <summary>Whether it can tie messages together: it travels in headers and logs of others, where a space may end it.</summary>
    public static bool IsCorrelationId(string? value) =>
        IsPrintable(value, LongestCorrelationId) && !value!.Contains(' ', StringComparison.Ordinal);

    [GeneratedRegex(@"\A_INBOX(\.[^.*>\s\p{Cc}]+)+\z")]
    private static partial Regex Inbox();
}
