using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage;

/// <summary>
/// A SQLite file in WAL mode that one process writes and any may read. Commits are on disk when they return
/// (<c>synchronous=FULL</c>).
/// </summary>
/// <param name="path">The file; it and its folder are made when missing, readable by their owner alone.</param>
public sealed class SqliteDatabase(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int BusyTimeoutSeconds = 5;

    private readonly Lock _gate = new();
    private FileStream? _lock;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>A pooled connection for queries; it can't write and takes no lock.</summary>
    /// <exception cref="SqliteException">The file does not exist or can't be read.</exception>
    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadOnly, pooled: true);

    /// <summary>The connection of the one writer. The first call takes the file for this process until it is disposed.</summary>
    /// <exception cref="DatabaseInUseException">Another process has taken it.</exception>
    public SqliteConnection OpenWriter()
    {
        TakeForThisProcess();
        var connection = Open(SqliteOpenMode.ReadWriteCreate, pooled: false);
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _lock?.Dispose();
            _lock = null;
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooled)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = pooled,
            DefaultTimeout = BusyTimeoutSeconds,
        }.ToString());
        connection.Open();
        return connection;
    }

    private void TakeForThisProcess()
    {
        lock (_gate)
        {
            if (_lock is not null)
            {
                return;
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            try
            {
                _lock = OpenPrivate(Path + ".lock", FileShare.None);
            }
            catch (IOException e)
            {
                throw new DatabaseInUseException(Path, e);
            }

            // SQLite gives -wal and -shm the mode of the database, so the database must have it first.
            OpenPrivate(Path, FileShare.ReadWrite).Dispose();
        }
    }

    private static FileStream OpenPrivate(string file, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }
}
