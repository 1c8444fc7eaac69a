using Tickets.Handlers.Storage;
using Tickets.Handlers.Storage.PostgreSql;

namespace Tickets.Tests.Backups;

/// <summary>Programs that are given what a backup holds.</summary>
public sealed class ClientPrograms
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly PostgreSqlProgram _programs = new("Host=127.0.0.1;Username=nobody");

    [Fact]
    public async Task an_input_that_can_not_be_read_to_its_end_is_the_callers_fault_and_ends_them()
    {
        await using var input = new BrokenFile();

        (await Should.ThrowAsync<IOException>(() => RunAsync("cat > /dev/null", input))).Message.ShouldBe(BrokenFile.Fault);
    }

    [Fact]
    public async Task one_that_ends_before_it_has_read_all_says_why()
    {
        using var input = new MemoryStream(new byte[1_000_000]);

        (await Should.ThrowAsync<BackupException>(() => RunAsync("echo no such database >&2; exit 1", input))).Message.ShouldBe("no such database");
    }

    [Fact]
    public async Task one_that_reads_all_and_does_not_fail_is_done()
    {
        using var input = new MemoryStream(new byte[1_000_000]);

        await RunAsync("[ $(wc -c) = 1000000 ]", input);
    }

    private Task RunAsync(string script, Stream input) => _programs.RunAsync("sh", ["-c", script], input, CancellationToken.None).WaitAsync(Limit);

    // As of a disk with a bad sector.
    private sealed class BrokenFile : MemoryStream
    {
        public const string Fault = "bad sector";

        private bool _isRead;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isRead)
            {
                throw new IOException(Fault);
            }

            _isRead = true;
            buffer.Span[0] = (byte)'x';
            return ValueTask.FromResult(1);
        }
    }
}
