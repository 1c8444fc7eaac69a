namespace Tickets.Handlers.Storage;

/// <summary>
/// Commits what can be committed of a group. Units that fail are taken out and the others tried again without them; then
/// each that failed is tried once more by itself, since it may have met a neighbour's doing. A savepoint around each unit
/// would save the repeats, which are rare, and cost every unit more than that. Units of a tenant whose rows are held by another
/// session are left as they are, with the fault that says so.
/// </summary>
internal static class GroupAttempts
{
    /// <param name="group">The units. Those that are settled by an earlier call are left out.</param>
    /// <param name="tryCommit">Commits units in one transaction. False when it wrote nothing; then at least one unit's fault says why.</param>
    public static async Task CommitAsync(IReadOnlyList<PendingUnit> group, Func<IReadOnlyList<PendingUnit>, Task<bool>> tryCommit)
    {
        // In the order of their tenants: two groups that wait for the same rows must not wait for each other.
        var units = group.Where(pending => !pending.IsSettled).OrderBy(pending => pending.Tenant, StringComparer.Ordinal).ToList();
        List<PendingUnit> spoilers = [];
        while (units.Count > 1 && !await TryAsync(units, tryCommit))
        {
            if (units.Exists(pending => pending.IsHeldUp))
            {
                units = WithoutHeldUp(units);
                continue;
            }

            // Where none can be told from its neighbours, each is tried by itself.
            var found = units.Exists(IsSpoiler) ? units.FindAll(IsSpoiler) : units;
            spoilers.AddRange(found);
            units = [.. units.Except(found)];
        }

        foreach (var pending in units.Count == 1 ? [.. units, .. spoilers] : spoilers)
        {
            await TryAloneAsync(pending, tryCommit);
            pending.IsSettled = !pending.IsHeldUp;
        }
    }

    // Each of the tenant's others might wait for as long.
    private static List<PendingUnit> WithoutHeldUp(List<PendingUnit> units)
    {
        var faults = units.Where(pending => pending.IsHeldUp).DistinctBy(pending => pending.Tenant).ToDictionary(pending => pending.Tenant, pending => pending.Fault);
        return units.FindAll(pending =>
        {
            var isHeldUp = faults.TryGetValue(pending.Tenant, out var fault);
            pending.Fault = isHeldUp ? fault : pending.Fault;
            return !isHeldUp;
        });
    }

    // A row that was not there when it looked, and is there now, is what it has to find when it looks again.
    private static async Task TryAloneAsync(PendingUnit pending, Func<IReadOnlyList<PendingUnit>, Task<bool>> tryCommit)
    {
        if (!await TryAsync([pending], tryCommit) && StorageFaults.IsTaken(pending.Fault))
        {
            await TryAsync([pending], tryCommit);
        }
    }

    private static bool IsSpoiler(PendingUnit pending) => pending.Fault is not null and not GroupAbortedException;

    private static async Task<bool> TryAsync(IReadOnlyList<PendingUnit> units, Func<IReadOnlyList<PendingUnit>, Task<bool>> tryCommit)
    {
        if (!await tryCommit(units))
        {
            return false;
        }

        foreach (var pending in units)
        {
            pending.IsSettled = true;
        }

        return true;
    }
}
