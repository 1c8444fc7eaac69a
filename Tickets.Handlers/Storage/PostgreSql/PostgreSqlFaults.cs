using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Tells faults of the server and the way to it from faults of what was asked (PostgreSQL, appendix A: error codes).</summary>
internal static class PostgreSqlFaults
{
    private const string ReadOnlyTransaction = "25006";
    private const string IdleInTransactionSessionTimeout = "25P03";
    private const string LockNotAvailable = "55P03";

    // Connection, wrong login (it may be in the middle of a change), no such database (of a standby that is being made),
    // serialization and deadlock, insufficient resources, operator intervention, system error.
    private static readonly string[] Classes = ["08", "28", "3D", "40", "53", "57", "58"];

    private static readonly string[] AwayClasses = ["08", "40", "53", "57", "58"];

    public static bool MayPass(Exception? fault) => Find(fault) is { } found
        && (found is not PostgresException { SqlState: var state }
            || IsOneOf(Classes, state)
            || state is ReadOnlyTransaction or IdleInTransactionSessionTimeout or LockNotAvailable);

    /// <summary>Whether the server is not there or not ready. A login that it refuses and a database that it hasn't stay so.</summary>
    public static bool IsAway(Exception fault) => Find(fault) is { } found
        && (found is not PostgresException { SqlState: var state } || IsOneOf(AwayClasses, state));

    /// <summary>
    /// Whether a statement waited too long for a row that another session has locked, or took too long by itself. Who waits for a
    /// row is told of it (<c>Where</c>); who waits for a table meets what everybody meets, and is told of none.
    /// </summary>
    public static bool IsHeldUp(Exception? fault) =>
        Find(fault) is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or PostgresException { SqlState: LockNotAvailable, Where: not null };

    /// <summary>Whether two transactions waited for each other, and this one made room.</summary>
    public static bool IsDeadlock(Exception? fault) => Find(fault) is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected };

    /// <summary>Whether the key of a row is there already.</summary>
    public static bool IsTaken(Exception? fault) => Find(fault) is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    // What is not the server's own word is that it can't be heard.
    private static NpgsqlException? Find(Exception? fault)
    {
        while (fault is not null and not NpgsqlException)
        {
            fault = fault.InnerException;
        }

        return (NpgsqlException?)fault;
    }

    private static bool IsOneOf(string[] classes, string state) => Array.Exists(classes, code => state.StartsWith(code, StringComparison.Ordinal));
}
