using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using NatsServers;
using Tickets.Faults.Systems;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Cluster;

/// <summary>The program as its container has it: the image's user, no capability, and nothing to write to but a temporary folder.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ConfinedProgram : IDisposable
{
    // 1654 is APP_UID of the image.
    private const string Confine = """
        mount --make-rprivate / && mount -t tmpfs -o mode=1777 tmpfs "$0" || exit 9
        cut -d' ' -f2 /proc/mounts | grep -v -e '^/proc' -e '^/sys' -e '^/dev' -e "^$0" | while read -r each; do mount -o remount,bind,ro "$each" 2>/dev/null; done
        exec setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
        """;

    private readonly TemporaryFolder _writable = new();
    private readonly TemporaryFolder _readable = new();

    [Fact]
    public async Task it_works_without_root_and_without_a_file_that_it_may_write_to()
    {
        SkipWhereItCanNotBe();
        await using var nats = await NatsServer.StartAsync();
        using var service = Program(nats, await SharedPostgreSql.NewEmptyDatabaseAsync());
        await service.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tickets") { Content = JsonContent.Create(new { title = "critical", created_by = "ada" }) };
        request.Headers.Add("X-Tenant-ID", "acme");
        using var created = await service.Http.SendAsync(request);
        await service.StopAsync();

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        service.ExitCode.ShouldBe(0, service.Output);
    }

    [Fact]
    public async Task nothing_outside_of_its_temporary_folder_can_be_written()
    {
        SkipWhereItCanNotBe();
        await using var nats = await NatsServer.StartAsync();
        File.SetUnixFileMode(_readable.Path, (UnixFileMode)0b111_111_111);
        using var outside = Program(nats, $"sqlite:{_readable.File("tickets.db")}");
        using var inside = Program(nats, $"sqlite:{_writable.File("tickets.db")}");

        (await outside.RunAsync("resources", "setup")).ExitCode.ShouldNotBe(0);
        var (exitCode, output) = await inside.RunAsync("resources", "setup");
        exitCode.ShouldBe(0, output);
    }

    public void Dispose()
    {
        _writable.Dispose();
        _readable.Dispose();
    }

    private ServiceProcess Program(NatsServer nats, string database)
    {
        var port = FreePort.Next();
        return new ServiceProcess(
            new Uri($"http://127.0.0.1:{port}"),
            Repository.Program,
            new Dictionary<string, string?> { ["NATS_URL"] = nats.Url, ["PORT"] = $"{port}", ["DATABASE_URL"] = database, ["TMPDIR"] = _writable.Path, ["HOME"] = "/nonexistent" },
            "unshare",
            "--mount",
            "sh",
            "-c",
            Confine,
            _writable.Path);
    }

    private static void SkipWhereItCanNotBe()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a file system of its own needs root");
        Assert.SkipUnless(IsForEverybody(Repository.Program) && IsForEverybody(Environment.ProcessPath!), "the image's user could not read the program here");
    }

    private static bool IsForEverybody(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
