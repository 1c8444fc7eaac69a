using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Tickets.Handlers.Storage.PostgreSql;

/// <summary>
/// Runs a program of PostgreSQL's own for clients. It gets the login in its environment (PostgreSQL documentation, 34.15): everybody
/// on the machine can read what it is called with.
/// </summary>
/// <param name="connectionString">The login.</param>
internal sealed class PostgreSqlProgram(string connectionString)
{
    private const int InputBuffer = 64 * 1024;

    /// <summary>The name of a program's sessions.</summary>
    public static string SessionsOf(string program) => $"tickets {program}";

    /// <summary>Runs one to its end.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">What it is called with; no secret.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="cancellation">Ends it; it has ended when this returns, however it returns.</param>
    /// <exception cref="BackupException">It is missing, or has failed; the message has the first thing that it said.</exception>
    public async Task RunAsync(string program, IEnumerable<string> arguments, Stream? input, CancellationToken cancellation)
    {
        using var process = Start(program, arguments);
        try
        {
            await FinishAsync(process, program, input, cancellation);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static async Task FinishAsync(Process process, string program, Stream? input, CancellationToken cancellation)
    {
        var told = process.StandardError.ReadToEndAsync(cancellation);
        await GiveAsync(process.StandardInput, input ?? Stream.Null, cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            var lines = (await told).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new BackupException(lines.Length > 0 ? lines[0] : $"{program} ended with {process.ExitCode}");
        }
    }

    // A fault of the input is the caller's.
    private static async Task GiveAsync(StreamWriter to, Stream input, CancellationToken cancellation)
    {
        var buffer = new byte[InputBuffer];
        int read;
        do
        {
            read = await input.ReadAsync(buffer, cancellation);
            try
            {
                await to.BaseStream.WriteAsync(buffer.AsMemory(0, read), cancellation);
                if (read == 0)
                {
                    to.Close();
                }
            }
            catch (IOException)
            {
                // It has ended already, and says why.
                return;
            }
        }
        while (read > 0);
    }

    // It would go on by itself.
    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment(program))
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BackupException($"{program} can't be run; install the package postgresql-client, of the server's version or a later one, and see that PATH leads to it", e);
        }
    }

    private Dictionary<string, string?> Environment(string program)
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString);
        var hosts = login.Host!.Split(',').Select(host => host.Split(':')).ToArray();
        return new Dictionary<string, string?>
        {
            ["PGHOST"] = string.Join(',', hosts.Select(host => host[0])),
            ["PGPORT"] = string.Join(',', hosts.Select(host => host.Length > 1 ? host[1] : login.Port.ToString(CultureInfo.InvariantCulture))),
            ["PGTARGETSESSIONATTRS"] = hosts.Length > 1 ? "read-write" : null,
            ["PGUSER"] = login.Username,
            ["PGPASSWORD"] = login.Password,
            ["PGDATABASE"] = login.Database,
            ["PGAPPNAME"] = SessionsOf(program),
            ["PGCONNECT_TIMEOUT"] = login.Timeout.ToString(CultureInfo.InvariantCulture),
            ["PGSSLMODE"] = ModeOf(login.SslMode),
            ["PGSSLROOTCERT"] = login.RootCertificate,
            ["PGSSLCERT"] = login.SslCertificate,
            ["PGSSLKEY"] = login.SslKey,
            ["LC_MESSAGES"] = "C",
        };
    }

    private static string ModeOf(SslMode mode) => mode switch
    {
        SslMode.Disable => "disable",
        SslMode.Allow => "allow",
        SslMode.Prefer => "prefer",
        SslMode.Require => "require",
        SslMode.VerifyCA => "verify-ca",
        _ => "verify-full",
    };
}
