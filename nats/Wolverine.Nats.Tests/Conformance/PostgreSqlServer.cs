using NatsServers;
using Npgsql;

namespace Wolverine.Nats.Tests.Conformance;

/// <summary>
/// A private PostgreSQL cluster in a temporary folder, for the modes that need a message store. PostgreSQL refuses to run
/// as root; then it runs as the user that its Debian package makes.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres";

    private string Data => _folder.File("data");

    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        await server.RunAsync("initdb", "-D", server.Data, "-U", "postgres", "--auth=trust", "--no-sync");
        server._process = Launch(
            "postgres", "-D", server.Data, "-p", $"{server._port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
        await Eventually.Async(server.AnswersAsync, answers => answers, Limit, "PostgreSQL answers");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
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
        process.ExitCode.ShouldBe(0, process.Output);
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
        _process!.HasExited.ShouldBeFalse(_process.Output);
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
