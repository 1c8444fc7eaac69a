using Dapper;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Looks at the file and the disk it is on.</summary>
internal sealed class SqliteExamination(SqliteDatabase database) : IDatabaseExamination
{
    private const double LittleRoom = 0.1;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(CancellationToken cancellation) => [await IntegrityAsync(), Mode(), Room()];

    private async Task<Diagnosis> IntegrityAsync()
    {
        await using var connection = database.OpenReader();
        var found = (await connection.QueryAsync<string>("PRAGMA quick_check(1)")).First();
        return new Diagnosis("the file's integrity", found == "ok" ? null : $"{found}; stop the service and restore a backup (./tickets restore)");
    }

    private Diagnosis Mode() => new(
        "the file's mode",
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(database.Path) & Others) == 0 ? null : $"others on this machine may read it; chmod 600 {database.Path}");

    private Diagnosis Room()
    {
        var disk = new DriveInfo(Path.GetDirectoryName(database.Path)!);
        var free = (double)disk.AvailableFreeSpace / disk.TotalSize;
        return new Diagnosis("the disk's room", free >= LittleRoom ? null : $"{free:P0} of the disk is free; when it is full, commands wait and requests get 503");
    }
}
