using Tickets.Handlers.Storage.PostgreSql;
using Tickets.Handlers.Storage.Sqlite;

namespace Tickets.Handlers.Storage;

/// <summary>Tells faults of the database from faults of what was asked of it.</summary>
public static class StorageFaults
{
    /// <summary>Whether the same work may succeed later. What wraps such a fault counts as the fault.</summary>
    public static bool MayPass(Exception fault) => SqliteFaults.MayPass(fault) || PostgreSqlFaults.MayPass(fault);

    /// <summary>Whether the work of one tenant is kept from its rows, while that of others need not be.</summary>
    internal static bool IsHeldUp(Exception fault) => PostgreSqlFaults.IsHeldUp(fault);

    /// <summary>Whether it was in the way of another process's work, which goes on: nothing is wrong, and the same work may be tried at once.</summary>
    internal static bool IsCollision(Exception fault) => PostgreSqlFaults.IsDeadlock(fault);

    /// <summary>Whether another process has written a row of the same key meanwhile; a SQLite file has one writer.</summary>
    internal static bool IsTaken(Exception? fault) => PostgreSqlFaults.IsTaken(fault);
}
