using System.Net.ServerSentEvents;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>A client of server-sent events.</summary>
public sealed class EventListener : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<SseItem<string>> _heard = [];
    private readonly SseParser<string> _parser;
    private readonly Task _listening;

    private EventListener(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _parser = SseParser.Create(stream);
        _listening = ListenAsync();
    }

    public IReadOnlyList<SseItem<string>> Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    /// <summary>What it would come back with; empty before it was told.</summary>
    public string LastEventId => _parser.LastEventId;

    public static async Task<EventListener> StartAsync(TicketService service, string tenant, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Add("X-Tenant-ID", tenant);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventListener(response, await response.Content.ReadAsStreamAsync());
    }

    public Task<IReadOnlyList<SseItem<string>>> WaitAsync(int count) =>
        Eventually.Async(() => Task.FromResult(Heard), heard => heard.Count >= count, Limit, $"{count} events are heard");

    /// <summary>Returns when the service has ended the stream in order; fails when it was cut off.</summary>
    public Task EndAsync() => _listening.WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        _response.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            await foreach (var item in _parser.EnumerateAsync(_stopping.Token))
            {
                lock (_heard)
                {
                    if (item.EventType != "ping")
                    {
                        _heard.Add(item);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The test has heard enough.
        }
    }
}
