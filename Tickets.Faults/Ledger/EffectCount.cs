using Tickets.Faults.Load;

namespace Tickets.Faults.Ledger;

/// <summary>How often each command took effect, by what the audit trail shows of it.</summary>
internal sealed class EffectCount
{
    private readonly Dictionary<(CommandKind Kind, string Mark), int> _times;

    public EffectCount(IEnumerable<StoredChange> changes) => _times = changes.Where(change => change.Tenant != Probe.Tenant)
        .GroupBy(change => (change.Kind, change.Mark)).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>How often it did. What was asked for is not counted among the <see cref="Strays"/>.</summary>
    public int Take(LoadCommand command) =>
        _times.Remove((command.Kind, command.Kind == CommandKind.Delete ? command.TicketId! : command.Key), out var times) ? times : 0;

    /// <summary>Effects that nobody has asked for.</summary>
    public IEnumerable<string> Strays => _times.Select(effect => $"{effect.Value} effects '{effect.Key.Kind} {effect.Key.Mark}', which nobody sent");
}
