using Dapper;
using Npgsql;

namespace Tickets.Tests.Load;

/// <summary>
/// What must hold of storage and stream once all is quiet: each command that was taken has its effect once, each effect its
/// events, and nothing is there that nobody asked for.
/// </summary>
/// <param name="commands">The commands that were taken.</param>
/// <param name="events">The event stream.</param>
public sealed class LedgerCheck(IReadOnlyCollection<LoadCommand> commands, IReadOnlyList<LoggedEvent> events)
{
    /// <summary>All that does not hold; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(NpgsqlConnection database)
    {
        var tickets = (await database.QueryAsync<(string Tenant, Guid Id, int Version)>("SELECT tenant, id, version FROM tickets.tickets")).ToArray();
        var audit = events.Where(e => e.Type == "audit.recorded").DistinctBy(e => e.Id).ToArray();
        var stored = (await database.QueryAsync<Guid>("SELECT id FROM tickets.audit")).ToHashSet();
        return
        [
            .. Effects(audit),
            .. Creations(tickets),
            .. Owners(tickets),
            .. Versions(tickets, audit),
            .. audit.Where(record => !stored.Contains(Guid.Parse(record.Text("id")))).Select(record => $"audit record {record.Text("id")} is not stored"),
        ];
    }

    // L1, L5: once each, and nothing else.
    private IEnumerable<string> Effects(LoggedEvent[] audit)
    {
        var effects = audit.GroupBy(record => record.Body.GetProperty("after").GetProperty("title").GetString()!)
            .ToDictionary(group => group.Key, group => group.Count());
        foreach (var command in commands)
        {
            if (!effects.Remove(command.Key, out var times) || times != 1)
            {
                yield return $"command {command.Key} ({(command.OverNats ? "NATS" : "HTTP")}) took effect {times} times";
            }
        }

        foreach (var (title, times) in effects)
        {
            yield return $"{times} effects of '{title}', which nobody sent";
        }
    }

    // L2, L3: a ticket has one event of its creation, and no event is without a ticket.
    private IEnumerable<string> Creations((string Tenant, Guid Id, int Version)[] tickets)
    {
        var created = events.Where(e => e.Type == "ticket.created").DistinctBy(e => e.Id).GroupBy(e => e.TicketId).ToDictionary(g => g.Key, g => g.Count());
        var rows = tickets.Select(ticket => ticket.Id.ToString()).ToHashSet();
        foreach (var id in rows.Where(id => created.GetValueOrDefault(id) != 1))
        {
            yield return $"ticket {id} has {created.GetValueOrDefault(id)} events of its creation";
        }

        foreach (var stray in events.Where(e => e.Type.StartsWith("ticket.", StringComparison.Ordinal) && !rows.Contains(e.TicketId)))
        {
            yield return $"{stray.Type} {stray.Id} is of ticket {stray.TicketId}, which is not there";
        }
    }

    // L6: nothing is under another tenant.
    private IEnumerable<string> Owners((string Tenant, Guid Id, int Version)[] tickets)
    {
        var owners = tickets.ToDictionary(ticket => ticket.Id.ToString(), ticket => ticket.Tenant);
        foreach (var e in events.Where(e => e.Type.StartsWith("ticket.", StringComparison.Ordinal)))
        {
            var ticket = e.Body.GetProperty("ticket");
            var title = ticket.GetProperty("title").GetString()!;
            if (ticket.GetProperty("tenant").GetString() != e.Tenant || owners.GetValueOrDefault(e.TicketId) != e.Tenant || !title.StartsWith($"{e.Tenant} ", StringComparison.Ordinal))
            {
                yield return $"{e.Type} {e.Id} of '{title}' is under {e.Tenant}";
            }
        }
    }

    // L4: the versions of a ticket have no gap.
    private static IEnumerable<string> Versions((string Tenant, Guid Id, int Version)[] tickets, LoggedEvent[] audit)
    {
        var versions = audit.ToLookup(record => record.TicketId, record => record.Body.GetProperty("version").GetInt32());
        foreach (var ticket in tickets)
        {
            var found = versions[ticket.Id.ToString()].Order().ToArray();
            if (!found.SequenceEqual(Enumerable.Range(1, ticket.Version)))
            {
                yield return $"ticket {ticket.Id} is at version {ticket.Version}, its audit trail has {string.Join(' ', found)}";
            }
        }
    }
}
