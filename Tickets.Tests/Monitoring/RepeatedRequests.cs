namespace Tickets.Tests.Monitoring;

/// <summary>Two clients that ask again and again, whatever the answer, until they are told to stop.</summary>
public sealed class RepeatedRequests : IAsyncDisposable
{
    private const int Clients = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _asking;

    public RepeatedRequests(Func<Task<HttpResponseMessage>> request) =>
        _asking = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => AskAsync(request)));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _asking;
        _stopping.Dispose();
    }

    private async Task AskAsync(Func<Task<HttpResponseMessage>> request)
    {
        while (!_stopping.IsCancellationRequested)
        {
            using var response = await request();
            await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
