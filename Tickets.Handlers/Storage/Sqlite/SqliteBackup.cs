using System.Globalization;
using System.IO.Compression;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>Copies a SQLite file by SQLite's online backup, beside the process that writes it. Copies are compressed (gzip).</summary>
/// <param name="database">The file.</param>
/// <param name="time">Names what a restored file takes the place of.</param>
public sealed class SqliteBackup(SqliteDatabase database, TimeProvider time) : IDatabaseBackup
{
    private static readonly string[] Companions = ["", "-wal", "-shm"];

    /// <inheritdoc/>
    public string Kind => "sqlite";

    /// <inheritdoc/>
    public async Task CopyAsync(string file, CancellationToken cancellation)
    {
        var plain = $"{file}.plain";
        await using (var source = database.OpenReader())
        await using (var copy = Open(plain, SqliteOpenMode.ReadWriteCreate))
        {
            // One step: it reads one state of the file, and in WAL mode the writer does not wait for it.
            await Task.Run(() => source.BackupDatabase(copy), cancellation);
        }

        await CheckAsync(plain);
        await using (var from = File.OpenRead(plain))
        await using (var to = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            await from.CopyToAsync(to, cancellation);
        }

        File.Delete(plain);
    }

    /// <inheritdoc/>
    public async Task<string?> NewestScriptAsync(CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        return await connection.ExecuteScalarAsync<string?>("SELECT max(ScriptName) FROM SchemaVersions");
    }

    /// <inheritdoc/>
    public async Task<Guid?> OldestOutgoingAsync(CancellationToken cancellation)
    {
        await using var connection = database.OpenReader();
        return await connection.ExecuteScalarAsync<string?>("SELECT min(id) FROM outgoing_messages") is { } id ? Guid.Parse(id) : null;
    }

    /// <inheritdoc/>
    /// <remarks>When nobody does, this process has the file from now on, until the database is disposed.</remarks>
    public Task<string?> UserAsync(CancellationToken cancellation)
    {
        try
        {
            database.Take();
            return Task.FromResult<string?>(null);
        }
        catch (DatabaseInUseException)
        {
            return Task.FromResult<string?>($"{database.Path} is in use by another process");
        }
    }

    /// <inheritdoc/>
    public async Task<bool> HasRowsAsync(IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        if (!File.Exists(database.Path))
        {
            return false;
        }

        try
        {
            // May write: whoever died has left a log, and closing this connection puts it into the file.
            await using var connection = Open(database.Path, SqliteOpenMode.ReadWrite);
            foreach (var table in tables)
            {
                if (await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @table)", new { table })
                    && await connection.ExecuteScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM {table})"))
                {
                    return true;
                }
            }

            return false;
        }
        catch (SqliteException e) when (SqliteFaults.IsDamage(e))
        {
            // Something is, and to have a backup in its place is what the operator came for.
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> RestoreAsync(Stream copy, CancellationToken cancellation)
    {
        database.Take();
        var restored = $"{database.Path}.restored";
        File.Delete(restored);
        await using (var to = SqliteDatabase.OpenPrivate(restored, FileShare.None))
        await using (var from = new GZipStream(copy, CompressionMode.Decompress))
        {
            await from.CopyToAsync(to, cancellation);
            RandomAccess.FlushToDisk(to.SafeFileHandle);
        }

        await CheckAsync(restored);
        var aside = SetAside();
        File.Move(restored, database.Path);
        return aside;
    }

    // The log too when it is alone: SQLite would put it into the file that comes.
    private string? SetAside()
    {
        var isThere = File.Exists(database.Path);
        var aside = $"{database.Path}.before-restore-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture)}";
        foreach (var companion in Companions.Where(companion => File.Exists(database.Path + companion)))
        {
            File.Move(database.Path + companion, aside + companion);
        }

        return isThere ? aside : null;
    }

    private static async Task CheckAsync(string file)
    {
        await using var connection = Open(file, SqliteOpenMode.ReadWrite);
        if (await connection.ExecuteScalarAsync<string>("PRAGMA integrity_check") is var found && found != "ok")
        {
            throw new BackupException($"SQLite finds the copy damaged: {found}; ./tickets check-env tells more of the database itself");
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
