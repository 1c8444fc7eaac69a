using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Tickets.Tests.Fixtures;

/// <summary>A real HTTP server that gets notifications.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private WebApplication _app = null!;

    private WebhookReceiver()
    {
    }

    public Uri Url => new(_app.Address(), "hook");

    public ConcurrentQueue<(string Id, string Timestamp, string Signature, string Body)> Received { get; } = [];

    /// <summary>What the next requests are answered; 204 when there is nothing left.</summary>
    public ConcurrentQueue<int> Answers { get; } = [];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        receiver._app = await LoopbackHttp.ServeAsync(app => app.MapPost("/hook", receiver.TakeAsync));
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        Received.Enqueue((request.Headers["webhook-id"]!, request.Headers["webhook-timestamp"]!, request.Headers["webhook-signature"]!, body));
        return Results.StatusCode(Answers.TryDequeue(out var answer) ? answer : StatusCodes.Status204NoContent);
    }
}
