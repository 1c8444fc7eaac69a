using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Tickets.Handlers.Storage.Sqlite;

/// <summary>
/// A SQLite file in WAL mode that one process writes and any may read. Commits are on disk when they return
/// (<c>synchronous=FULL</c>).
/// </summary>
/// <param name="path">The file; it and its folder are made when missing, readable by their owner alone.</param>
public sealed class SqliteDatabase(string path) : Database
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ReaderPatienceSeconds = 5;

    // Short: while another process holds the lock, the committer is to notice, tell, and try again.
    private const int WriterPatienceSeconds = 1;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    // A page of the log, with what stands before it (sqlite.org/fileformat2.html, 4.1).
    private const int PageInLog = 4096 + 24;

    private readonly Lock _gate = new();
    private FileStream? _lock;
    private bool _hasBeenThere;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <inheritdoc/>
    public override string Description => Path;

    /// <summary>A pooled connection for queries; it can't write and takes no lock.</summary>
    /// <exception cref="SqliteException">The file does not exist or can't be read.</exception>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(ReaderString);
        connection.Open();
        return connection;
    }

    /// <summary>The connection of the one writer. The first call takes the file for this process until it is disposed.</summary>
    /// <exception cref="DatabaseInUseException">Another process has taken it.</exception>
    public SqliteConnection OpenWriter() => OpenStatementWriter();

    /// <inheritdoc/>
    public override ValueTask<DbConnection> OpenReaderAsync(string tenant, CancellationToken cancellation) => new(OpenReader());

    /// <inheritdoc/>
    public override ValueTask<DbConnection> OpenUpkeepReaderAsync(CancellationToken cancellation) => new(OpenReader());

    /// <inheritdoc/>
    public override Task<bool> TakeUpkeepAsync(CancellationToken cancellation) => Task.FromResult(true);

    /// <inheritdoc/>
    /// <remarks>
    /// Beside the one process that has the file: a single short statement, after which that process's writer goes on. It waits for
    /// it as it would for any lock (SQLite, "File Locking And Concurrency").
    /// </remarks>
    public override async ValueTask<DbConnection> OpenOwnerAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWrite, pooled: false, ReaderPatienceSeconds));
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <summary>What keeps a file from being written shows when it is written: commits tell.</summary>
    public override Task<string?> FaultAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    internal override IGroupTransaction OpenGroup() => new SqliteGroupTransaction(this);

    /// <summary>Takes the file for this process until it is disposed. The file itself may be missing, and may be replaced.</summary>
    /// <exception cref="DatabaseInUseException">Another process has taken it.</exception>
    internal void Take()
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
            catch (IOException e) when (e.HResult is WouldBlockLinux or WouldBlockMac or SharingViolation)
            {
                throw new DatabaseInUseException(Path, e);
            }
        }
    }

    /// <exception cref="IOException">The file or its folder is away, or can't be written, or the file was there before and is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    internal SqliteWriter OpenStatementWriter()
    {
        TakeForThisProcess();
        return Open(
            new SqliteWriter(ConnectionString(SqliteOpenMode.ReadWriteCreate, pooled: false, WriterPatienceSeconds)),
            """
            PRAGMA busy_timeout = 1000;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -8192;
            """);
    }

    /// <summary>How many pages the log has room for: one that is begun anew keeps its length.</summary>
    internal int LogPages => new FileInfo(Path + "-wal") is { Exists: true } log ? (int)(log.Length / PageInLog) : 0;

    /// <summary>The connection that carries the log over while the writer goes on.</summary>
    /// <exception cref="SqliteException">The file can't be opened.</exception>
    internal SqliteConnection OpenCheckpointer() => Open(
        new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWrite, pooled: false, WriterPatienceSeconds)),

        // Reading the schema's version opens the log.
        "PRAGMA synchronous = FULL; PRAGMA schema_version");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            using var readers = new SqliteConnection(ReaderString);
            SqliteConnection.ClearPool(readers);
            _lock?.Dispose();
            _lock = null;
        }
    }

    private string ReaderString => ConnectionString(SqliteOpenMode.ReadOnly, pooled: true, ReaderPatienceSeconds);

    private string ConnectionString(SqliteOpenMode mode, bool pooled, int patienceSeconds) => new SqliteConnectionStringBuilder
    {
        DataSource = Path,
        Mode = mode,
        Pooling = pooled,
        DefaultTimeout = patienceSeconds,
    }.ToString();

    private static T Open<T>(T connection, string pragmas)
        where T : SqliteConnection
    {
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void TakeForThisProcess()
    {
        lock (_gate)
        {
            Take();

            // SQLite gives -wal and -shm the mode of the database, so the database must have it first. One that is there
            // is not opened: closing it would drop the locks that SQLite holds on it in this process.
            if (!File.Exists(Path))
            {
                if (_hasBeenThere)
                {
                    // An empty one in its place would have no tables, and whatever is written would fail for good.
                    throw new FileNotFoundException($"{Path} was there and is gone");
                }

                OpenPrivate(Path, FileShare.ReadWrite).Dispose();
            }

            _hasBeenThere = true;
            MakePrivate(Path, Path + "-wal", Path + "-shm");
        }
    }

    internal static FileStream OpenPrivate(string file, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }

    // A file that was there already may be open to others.
    private static void MakePrivate(params string[] files)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in files.Where(File.Exists))
            {
                File.SetUnixFileMode(file, OwnerOnly);
            }
        }
    }
}
