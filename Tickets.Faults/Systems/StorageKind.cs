namespace Tickets.Faults.Systems;

/// <summary>On which storage.</summary>
public enum StorageKind
{
    /// <summary>A SQLite file, and so one service.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, and two services.</summary>
    PostgreSql,
}
