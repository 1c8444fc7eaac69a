using Tickets.Faults.Load;

namespace Tickets.Faults.Ledger;

/// <summary>
/// What must hold of storage and streams once all is quiet: each command that was taken has its effect once, each effect its
/// events, and nothing is there that nobody asked for.
/// </summary>
/// <param name="commands">The commands that were sent, and what their clients know of them.</param>
/// <param name="stored">What the database holds.</param>
/// <param name="events">The event stream.</param>
/// <param name="letters">The dead letters: subject, message id, reason.</param>
public sealed class LedgerCheck(
    IReadOnlyCollection<SentCommand> commands,
    StoredState stored,
    IReadOnlyList<LoggedEvent> events,
    IReadOnlyList<(string Subject, string? MessageId, string Reason)> letters)
{
    /// <summary>All that does not hold.</summary>
    public LedgerFindings Findings()
    {
        var findings = new LedgerFindings();
        CheckEffects(findings);
        CheckEvents(findings);
        CheckVersions(findings);
        CheckTenants(findings);
        return findings;
    }

    // L1, L5: as often as it may, or a dead letter, never both; and nothing else.
    private void CheckEffects(LedgerFindings findings)
    {
        var effects = new EffectCount(stored.Changes);
        var dead = letters.Where(letter => letter.MessageId is not null).ToLookup(letter => letter.MessageId);
        var places = commands.Where(sent => sent.Sequence is not null).ToLookup(sent => sent.Sequence!.Value, sent => sent.Command.Key);
        foreach (var sent in commands)
        {
            var (command, outcome) = (sent.Command, sent.Outcome);
            var times = effects.Take(command);
            var what = $"{command.Kind} {command.Key} ({(command.OverNats ? "NATS" : "HTTP")}, {outcome})";
            if (times == 0 && outcome == Outcome.Taken)
            {
                findings.Lost.Add($"{what} took no effect{(dead[command.Key].Any() ? $"; dead letter: {dead[command.Key].First().Reason}" : string.Empty)}; {StoryOf(sent, places)}");
            }
            else if (times > 1 || (times == 1 && dead[command.Key].Any()))
            {
                findings.Doubled.Add($"{what} took effect {times} times and has {dead[command.Key].Count()} dead letters");
            }
            else if (times == 1 && outcome == Outcome.Refused)
            {
                findings.Doubled.Add($"{what} took effect");
            }
        }

        findings.Doubled.AddRange(effects.Strays);
    }

    // A stream that gives a place twice has forgotten what was there first.
    private static string StoryOf(SentCommand sent, ILookup<ulong, string> places) =>
        $"sent {sent.SentAt:HH:mm:ss.fff}, settled {sent.SettledAt:HH:mm:ss.fff}"
        + (sent.Sequence is { } place ? $", as message {place}, which is {string.Join(" and ", places[place])}" : string.Empty);

    // L2, L3: each change has its events, one of each kind, and no event is without a change.
    private void CheckEvents(LedgerFindings findings)
    {
        var told = events.Where(e => e.IsOfTicket).ToLookup(e => (e.Type, e.Of), e => e.Id);
        var changes = stored.Changes.Select(change => change.Of).ToHashSet();
        findings.Lost.AddRange(stored.Changes.Where(change => !told.Contains((change.Action, change.Of))).Select(change => $"{change.Action} of {change.Of} is no event"));
        foreach (var group in told)
        {
            if (group.Distinct().Count() > 1)
            {
                findings.Doubled.Add($"{group.Key.Type} of {group.Key.Of} has events {string.Join(' ', group.Distinct())}");
            }

            if (!changes.Contains(group.Key.Of))
            {
                findings.Lost.Add($"{group.Key.Type} of {group.Key.Of} is an event of a change that is not there");
            }
        }

        CheckAudit(findings);
    }

    private void CheckAudit(LedgerFindings findings)
    {
        var told = events.Where(e => e.AuditId is not null).Select(e => e.AuditId!).ToHashSet();
        findings.Lost.AddRange(stored.Changes.Where(change => !told.Remove(change.Id)).Select(change => $"audit record {change.Id} is no event"));
        findings.Lost.AddRange(told.Select(id => $"audit record {id} is an event and not stored"));
    }

    // L4: the versions of a ticket have no gap.
    private void CheckVersions(LedgerFindings findings)
    {
        var versions = stored.Tickets.ToDictionary(ticket => ticket.Id, ticket => ticket.Version);
        foreach (var trail in stored.Changes.GroupBy(change => change.Of.TicketId))
        {
            var found = trail.Where(change => change.Of.CommentId is null).Select(change => change.Of.Version).Order().ToArray();
            var isGone = trail.Any(change => change.Kind == CommandKind.Delete);
            if (!found.SequenceEqual(Enumerable.Range(1, found.Length)) || versions.GetValueOrDefault(trail.Key) != (isGone ? 0 : found.Length))
            {
                findings.Lost.Add($"ticket {trail.Key} is at version {versions.GetValueOrDefault(trail.Key)}, its audit trail has {string.Join(' ', found)}");
            }
        }
    }

    // L6: nothing is under another tenant.
    private void CheckTenants(LedgerFindings findings)
    {
        var owners = stored.Tickets.ToDictionary(ticket => ticket.Id, ticket => ticket.Tenant);
        findings.Misplaced.AddRange(stored.Changes
            .Where(change => owners.GetValueOrDefault(change.Of.TicketId, change.Tenant) != change.Tenant || !change.Title.StartsWith($"{change.Tenant} ", StringComparison.Ordinal))
            .Select(change => $"audit record {change.Id} is under {change.Tenant}"));
        findings.Misplaced.AddRange(events
            .Where(e => e.IsOfTicket && (owners.GetValueOrDefault(e.Of.TicketId, e.Tenant) != e.Tenant || e.TicketTenant != e.Tenant))
            .Select(e => $"{e.Type} {e.Id} is under {e.Tenant}"));
    }
}
