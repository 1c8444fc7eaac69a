namespace Tickets.Tests.Storage;

/// <summary>The storages that the same tests run on.</summary>
public enum StorageKind
{
    Sqlite,
    PostgreSql,
}
