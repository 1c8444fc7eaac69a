using System.IO.Pipes;
using System.Text.Json;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Notifications;
using Tickets.Tests.Domain;

namespace Tickets.Tests.Notifications;

/// <summary>Who reads the log slowly, or not at all, holds up nothing but the log.</summary>
public sealed class LogChannelTests : IDisposable
{
    private const int MoreThanAPipeHolds = 200_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly AnonymousPipeServerStream _output = new(PipeDirection.Out);
    private readonly LogChannel _log;

    public LogChannelTests() => _log = new LogChannel(_output);

    [Fact]
    public async Task who_waits_for_a_stalled_log_can_be_interrupted_and_what_was_begun_stays_whole()
    {
        using var reader = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, _output.ClientSafePipeHandle));
        using var late = new CancellationTokenSource();
        var writing = DeliverAsync(1, late.Token);
        var begun = new char[1];
        await reader.ReadAsync(begun, TestContext.Current.CancellationToken);
        var waiting = DeliverAsync(2, late.Token);

        await late.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => writing.WaitAsync(Limit, TestContext.Current.CancellationToken));
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit, TestContext.Current.CancellationToken));

        var next = DeliverAsync(3, CancellationToken.None);
        NumberOf(begun[0] + await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        NumberOf(await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe(3);
        await next.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _log.Dispose();
        _output.Dispose();
    }

    // On a thread of its own: whatever it blocks, the test goes on.
    private Task DeliverAsync(int number, CancellationToken cancellation)
    {
        var ticket = A.Ticket with { Number = number, Description = new string('x', MoreThanAPipeHolds) };
        var request = new NotificationRequested(Guid.CreateVersion7(), NotificationReason.Assigned, LogChannel.ChannelName, "bob", ticket, "ada");
        return Task.Run(() => _log.DeliverAsync(request, cancellation), CancellationToken.None);
    }

    private static int NumberOf(string? line) => JsonDocument.Parse(line!).RootElement.GetProperty("ticket").GetProperty("number").GetInt32();
}
