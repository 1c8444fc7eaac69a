using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Tells faults of the database from faults of what was asked of it. Codes: sqlite.org/rescode.html.</summary>
internal static class SqliteFaults
{
    /// <summary>The file, its folder or its log can't be opened.</summary>
    public const int CantOpen = 14;

    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    /// <summary>Whether the same write may succeed later. What wraps such a fault counts as the fault.</summary>
    public static bool MayPass(Exception fault) => fault.GetBaseException() is SqliteException
    {
        SqliteErrorCode: Busy or Locked or ReadOnly or InputOutput or Full or CantOpen,
    };

    /// <summary>Whether another process holds its lock.</summary>
    public static bool IsAway(Exception fault) => fault.GetBaseException() is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <summary>Whether what is there can't be read as a database.</summary>
    public static bool IsDamage(SqliteException fault) => fault.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Whether the row is there already. Nothing else means "duplicate".</summary>
    public static bool IsUniqueViolation(SqliteException fault) =>
        fault.SqliteExtendedErrorCode is ConstraintPrimaryKey or ConstraintUnique;
}
