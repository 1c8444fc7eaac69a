namespace Tickets.Api.Backups;

/// <summary>The database in an archive.</summary>
/// <param name="Kind">Which kind of database.</param>
/// <param name="Migration">The newest script that it had seen.</param>
/// <param name="Copy">Its copy.</param>
public sealed record ArchivedDatabase(string Kind, string Migration, ArchivedFile Copy)
{
    /// <summary>The name of the file of <see cref="Copy"/>.</summary>
    public const string CopyFile = "database";
}
