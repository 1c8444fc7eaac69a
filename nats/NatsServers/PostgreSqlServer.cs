using Npgsql;

namespace NatsServers;

/// <summary>
/// A private PostgreSQL server in a temporary folder, for tests that need a database which processes share. PostgreSQL
/// refuses to run as root; then it runs as the user that its Debian package makes.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    // A standby does not start with fewer than its primary had.
    private const int MostConnections = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder;
    private readonly ServerPlace _place;
    private readonly TemporaryFolder _standbyFolder;
    private ChildProcess? _process;
    private ChildProcess? _standby;
    private string _data;
    private string _standbyData;
    private int _standbyPort;

    private PostgreSqlServer(ServerPlace place)
    {
        (_place, _folder, _standbyFolder) = (place, new TemporaryFolder(place.Folder), new TemporaryFolder(place.Folder));
        (_data, _standbyData) = (_folder.File("data"), _standbyFolder.File("data"));
    }

    /// <summary>Its port, the same through restarts.</summary>
    public int Port { get; private set; } = FreePort.Next();

    /// <summary>The login of its superuser, at the database that is there from the beginning.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <summary>The login of its standby's superuser.</summary>
    public string StandbyConnectionString => $"Host={_place.Address};Port={_standbyPort};Username=postgres;Database=postgres";

    /// <summary>Whether it has ended, by itself or not.</summary>
    public bool HasExited => _process!.HasExited;

    /// <summary>Makes and starts a server.</summary>
    /// <param name="place">Where it listens and keeps its data, if not on loopback and in a temporary folder.</param>
    public static async Task<PostgreSqlServer> StartAsync(ServerPlace? place = null)
    {
        var server = new PostgreSqlServer(place ?? new ServerPlace());
        await server.RunAsync("initdb", "-D", server._data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        await server.TrustAsync();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>The superuser's login at a database.</summary>
    public string ConnectionStringOf(string database) => $"Host={_place.Address};Port={Port};Username=postgres;Database={database};Timezone=UTC";

    /// <summary>The superuser's login at a database, as a URL.</summary>
    public string UrlOf(string database) => $"postgres://postgres@{_place.Address}:{Port}/{database}";

    /// <summary>The superuser's login at a database of this server or its standby, whichever takes writes, as a URL.</summary>
    public string UrlOfBoth(string database, bool standbyFirst)
    {
        var (first, second) = standbyFirst ? (_standbyPort, Port) : (Port, _standbyPort);
        return $"postgres://postgres@{_place.Address}:{first},{_place.Address}:{second}/{database}";
    }

    /// <summary>Makes a database.</summary>
    /// <param name="template">Whose copy it is.</param>
    /// <returns>Its name, different for each.</returns>
    public async Task<string> CreateDatabaseAsync(string template = "template0")
    {
        var name = $"db_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    /// <summary>Ends the connections to a database and lets nobody in, so that it can be a template.</summary>
    public async Task CloseDatabaseAsync(string name)
    {
        await ExecuteAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    /// <summary>Runs a statement as the superuser.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="database">Where.</param>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"{ConnectionStringOf(database)};Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // It is the test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts it again after it has ended, on the same port and folder.</summary>
    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        _process = Serve(_data, Port);
        await Eventually.Async(() => AnswersAsync(_process, ConnectionString), answers => answers, Limit, "PostgreSQL answers");
    }

    /// <summary>Adds a server that follows this one: a commit is confirmed when both have it.</summary>
    public async Task AddStandbyAsync()
    {
        _standbyPort = FreePort.Next();
        await RunAsync("pg_basebackup", "-D", _standbyData, "-h", _place.Address, "-p", $"{Port}", "-U", "postgres", "-R", "-X", "stream", "-c", "fast");
        await StartStandbyAsync();
        await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.Async(
            () => ScalarAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"), count => count == 1, Limit, "the standby follows");
    }

    /// <summary>Ends this server, if it runs, and has its standby take its place, on the same port.</summary>
    public async Task FailOverAsync()
    {
        await KillAsync();
        await RunAsync("pg_ctl", "-D", _standbyData, "-w", "-t", "30", "-m", "fast", "stop");
        _standby!.Dispose();
        _standby = null;
        _data = _standbyData;

        // Promotes it as soon as it has read all that it received.
        await RunAsync("pg_ctl", "-D", _data, "-w", "-t", "30", "-l", _standbyFolder.File("log"), "-o", $"-p {Port} -c listen_addresses={_place.Address} -c unix_socket_directories= -c max_connections={MostConnections}", "start");
        await RunAsync("pg_ctl", "-D", _data, "-w", "-t", "30", "promote");
        await RunAsync("pg_ctl", "-D", _data, "-w", "-t", "30", "-m", "fast", "stop");
        await StartAgainAsync();
    }

    /// <summary>Ends this server and has its standby take its place, on a port of its own; it comes back as the standby of that one.</summary>
    public async Task SwitchOverAsync()
    {
        // It ends when its standby has all that it has: so it can follow.
        await RunAsync("pg_ctl", "-D", _data, "-w", "-t", "30", "-m", "fast", "stop");
        await RunAsync("pg_ctl", "-D", _standbyData, "-w", "-t", "30", "promote");
        _process!.Dispose();
        _process = _standby;
        (_data, _standbyData) = (_standbyData, _data);
        (Port, _standbyPort) = (_standbyPort, Port);

        await File.AppendAllTextAsync(
            Path.Combine(_standbyData, "postgresql.auto.conf"), $"primary_conninfo = 'host={_place.Address} port={Port} user=postgres'\n");
        await File.WriteAllTextAsync(Path.Combine(_standbyData, "standby.signal"), string.Empty);
        await StartStandbyAsync();
    }

    /// <summary>Ends it as after a power cut for its clients: what was committed is there when it starts again.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Freezes it (SIGSTOP) and the processes that serve its connections: nobody answers.</summary>
    public void Suspend() => _process!.SuspendAll();

    /// <summary>Lets it go on after <see cref="Suspend"/> (SIGCONT).</summary>
    public void Resume() => _process!.ResumeAll();

    /// <summary>As <see cref="Suspend"/>, for its standby: no commit is confirmed.</summary>
    public void SuspendStandby() => _standby!.SuspendAll();

    /// <summary>Lets the standby go on.</summary>
    public void ResumeStandby() => _standby!.ResumeAll();

    /// <summary>Kills it and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        // Its children would stay frozen, and live on.
        if (_process is { HasExited: false, IsSuspended: true })
        {
            Resume();
        }

        if (_process is not null)
        {
            await _process.KillAsync();
            _process.Dispose();
        }

        if (_standby is not null)
        {
            if (_standby is { HasExited: false, IsSuspended: true })
            {
                ResumeStandby();
            }

            await _standby.KillAsync();
            _standby.Dispose();
        }

        NpgsqlConnection.ClearAllPools();
        _folder.Dispose();
        _standbyFolder.Dispose();
    }

    // Whoever reaches it where it listens.
    private async Task TrustAsync() => await File.AppendAllTextAsync(Path.Combine(_data, "pg_hba.conf"), "host all,replication all samenet trust\n");

    private async Task StartStandbyAsync()
    {
        _standby = Serve(_standbyData, _standbyPort);
        await Eventually.Async(() => AnswersAsync(_standby, StandbyConnectionString), answers => answers, Limit, "the standby answers");
    }

    private ChildProcess Serve(string data, int port)
    {
        var command = Command(
            "postgres", "-D", data, "-p", $"{port}", "-c", $"listen_addresses={_place.Address}", "-c", "unix_socket_directories=", "-c", $"max_connections={MostConnections}");
        return ChildProcess.Start(command[0], command[1..]);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // It is this class's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await ChildProcess.MustRunAsync("chown", "postgres", _folder.Path, _standbyFolder.Path);
        }

        var command = Command(program, arguments);
        await ChildProcess.MustRunAsync(command[0], command[1..]);
    }

    private static string[] Command(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", ProgramFile(program), .. arguments]
        : [ProgramFile(program), .. arguments];

    // Debian keeps them out of the PATH, by version.
    private static string ProgramFile(string program) => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program)).Where(File.Exists).Max()!
        : program;

    private static async Task<bool> AnswersAsync(ChildProcess process, string login)
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"PostgreSQL ended: {process.Output}");
        }

        try
        {
            await using var connection = new NpgsqlConnection($"{login};Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
