using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NatsServers;

namespace Tickets.Tests.Fixtures;

/// <summary>A real HTTP server that gets notifications.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app, Uri url) => (_app, Url) = (app, url);

    public Uri Url { get; }

    public ConcurrentQueue<(string Id, string Timestamp, string Signature, string Body)> Received { get; } = [];

    /// <summary>What the next requests are answered; 204 when there is nothing left.</summary>
    public ConcurrentQueue<int> Answers { get; } = [];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}/hook");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add(url.GetLeftPart(UriPartial.Authority));
        var receiver = new WebhookReceiver(app, url);
        app.MapPost("/hook", receiver.TakeAsync);
        await app.StartAsync();
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
