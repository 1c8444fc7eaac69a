using System.Net.Sockets;
using System.Text;
using NATS.Client.Core;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>What can't be handled is put away whatever its headers are: else it would come again for ever, and in the end stop all tenants.</summary>
public sealed class LargeHeaders(RunningService running) : IClassFixture<RunningService>
{
    private const string Body = "{\"title\": ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly string _tenant = RunningService.NewTenant();

    [Theory]
    [InlineData("Note", '%', 30)]
    [InlineData("Note", 'a', 60)]
    [InlineData("Nats-Msg-Id", '%', 30)]
    [InlineData("Nats-Msg-Id", 'a', 60)]
    public async Task a_command_is_dead_lettered_with_them(string header, char character, int kilobytes)
    {
        var value = new string(character, kilobytes * 1024);

        await PublishAsync($"{header}: {value}");

        var letter = await LetterAsync();
        letter.Header("Note").ShouldBe(header == "Note" ? value : null);
        letter.Header("Dlq-Dropped-Headers").ShouldBeNull();
    }

    // A stream takes 64 KB of headers, and the letter has some of its own.
    [Theory]
    [InlineData('\u0001', 30_000)]
    [InlineData('a', 65_450)]
    public async Task what_there_is_no_room_for_is_dropped_by_name(char character, int length)
    {
        await PublishAsync("Actor: ada", $"Noise: {new string(character, length)}");

        var letter = await LetterAsync();
        letter.Header("Dlq-Dropped-Headers").ShouldBe("Noise");
        letter.Header("Noise").ShouldBeNull();
        letter.Header("Actor").ShouldBe("ada");
    }

    [Fact]
    public async Task of_thousands_as_many_are_dropped_as_there_is_no_room_for()
    {
        await PublishAsync([.. Enumerable.Range(0, 3_000).Select(i => $"N{i}: {new string('\u0001', 8)}")]);

        var letter = await LetterAsync();
        letter.Header("Dlq-Dropped-Headers")!.ShouldMatch(@"\A(N\d+, ){19}N\d+ and \d+ more\z");
        letter.Headers!.Count.ShouldBeGreaterThan(1_000);
    }

    [Theory]
    [InlineData("Gr\u00fc\u00dfe: x")]
    [InlineData("Lone\r: x")]
    [InlineData("Lone: \r x")]
    [InlineData("Two Words: x")]
    [InlineData("No colon")]
    [InlineData("Note: one\r\ntwo")]
    public async Task one_that_no_client_writes_is_no_reason_to_keep_the_command(string header)
    {
        await PublishAsync(header, "Actor: ada");

        (await LetterAsync()).Header("Actor").ShouldBe("ada");
    }

    // Its body does not arrive; without one it would be taken for another request.
    [Fact]
    public async Task a_request_with_one_that_can_not_be_read_is_refused_for_it()
    {
        using var client = new TcpClient("127.0.0.1", running.Nats.Port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"CONNECT {{\"verbose\":false,\"headers\":true}}\r\nSUB _INBOX.{_tenant} 1\r\n"
            + $"HPUB ticket.api.{_tenant}.list _INBOX.{_tenant} 26 28\r\nNATS/1.0\r\nTwo Words: x\r\n\r\n{{}}\r\n"));

        string? line;
        do
        {
            line = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        while (line?.Contains("validation_failed", StringComparison.Ordinal) == false);
        line!.ShouldContain("\"headers\":[\"must be lines of the form");
    }

    private async Task<NatsMsg<string>> LetterAsync()
    {
        var letter = (await running.Nats.LettersOfAsync(_tenant, 1, Limit)).ShouldHaveSingleItem();
        letter.Data.ShouldBe(Body);
        await running.Nats.NoCommandIsLeftAsync();
        return letter;
    }

    // As a stranger's client might: ours would not write some of these.
    private async Task PublishAsync(params string[] headers)
    {
        using var client = new TcpClient("127.0.0.1", running.Nats.Port);
        await using var stream = client.GetStream();
        var head = $"NATS/1.0\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n";
        var bytes = Encoding.UTF8.GetByteCount(head);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"CONNECT {{\"verbose\":false,\"headers\":true}}\r\nHPUB ticket.commands.{_tenant}.create {bytes} {bytes + Body.Length}\r\n{head}{Body}\r\nPING\r\n"));
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line && line != "PONG")
        {
            line.ShouldNotStartWith("-ERR");
        }
    }
}
