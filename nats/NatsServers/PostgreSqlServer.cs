using Npgsql;

namespace NatsServers;

/// <summary>
/// A private PostgreSQL server in a temporary folder, for tests that need a database which processes share. PostgreSQL
/// refuses to run as root; then it runs as the user that its Debian package makes.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;
    private int[] _suspended = [];

    private PostgreSqlServer()
    {
    }

    /// <summary>Its port on 127.0.0.1, the same through restarts.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The login of its superuser, at the database that is there from the beginning.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    private string Data => _folder.File("data");

    /// <summary>Makes and starts a server.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        await server.RunAsync("initdb", "-D", server.Data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>The superuser's login at a database.</summary>
    public string ConnectionStringOf(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Timezone=UTC";

    /// <summary>The superuser's login at a database, as a URL.</summary>
    public string UrlOf(string database) => $"postgres://postgres@127.0.0.1:{Port}/{database}";

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
        _process = Launch(
            "postgres", "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300");
        await Eventually.Async(AnswersAsync, answers => answers, Limit, "PostgreSQL answers");
    }

    /// <summary>Ends it as after a power cut for its clients: what was committed is there when it starts again.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Freezes it with all its connections (SIGSTOP): they stay open and nobody answers.</summary>
    public async Task SuspendAsync()
    {
        _process!.Suspend();
        using var children = ChildProcess.Start("pgrep", ["-P", $"{_process.Id}"]);
        await children.WaitForExitAsync(Limit);
        _suspended = [.. children.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
        foreach (var child in _suspended)
        {
            Signals.Send(child, Signals.Stop);
        }
    }

    /// <summary>Lets it go on after <see cref="SuspendAsync"/> (SIGCONT).</summary>
    public void Resume()
    {
        foreach (var child in _suspended)
        {
            Signals.Send(child, Signals.Continue);
        }

        _suspended = [];
        _process!.Resume();
    }

    /// <summary>Kills it and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_suspended.Length > 0)
        {
            Resume();
        }

        if (_process is not null)
        {
            await _process.KillAsync();
            _process.Dispose();
        }

        NpgsqlConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = ChildProcess.Start("chown", ["postgres", _folder.Path]);
            await chown.WaitForExitAsync(Limit);
        }

        using var process = Launch(program, arguments);
        await process.WaitForExitAsync(Limit);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {process.Output}");
        }
    }

    private static ChildProcess Launch(string program, params string[] arguments)
    {
        string[] command = [ProgramFile(program), .. arguments];
        return Environment.IsPrivilegedProcess
            ? ChildProcess.Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", .. command])
            : ChildProcess.Start(command[0], command[1..]);
    }

    // Debian keeps them out of the PATH, by version.
    private static string ProgramFile(string program) => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program)).Where(File.Exists).Max()!
        : program;

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"PostgreSQL ended: {_process.Output}");
        }

        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
