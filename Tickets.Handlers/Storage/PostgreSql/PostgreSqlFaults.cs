using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>Tells faults of the server and the way to it from faults of what was asked (PostgreSQL, appendix A: error codes).</summary>
internal static class PostgreSqlFaults
{
    private const string ReadOnlyTransaction = "25006";
    private const string LockNotAvailable = "55P03";

    // Connection, wrong login (it may be in the middle of a change), no such database (of a standby that is being made),
    // serialization and deadlock, insufficient resources, operator intervention, system error.
    private static readonly string[] Classes = ["08", "28", "3D", "40", "53", "57", "58"];

    public static bool MayPass(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is NpgsqlException exception)
            {
                // What is not the server's own word is that it can't be heard.
                return exception is not PostgresException { SqlState: var state }
                    || Array.Exists(Classes, code => state.StartsWith(code, StringComparison.Ordinal))
                    || state is ReadOnlyTransaction or LockNotAvailable;
            }
        }

        return false;
    }
}
