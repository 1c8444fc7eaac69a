using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tickets.Faults.Systems;

namespace Tickets.Faults.Load;

/// <summary>Posts commands, with their key as <c>Idempotency-Key</c>.</summary>
internal sealed class HttpDoor(Func<IReadOnlyList<ServiceProcess>> services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly ConcurrentDictionary<string, string> _answers = new();

    /// <summary>Answers that no client should get.</summary>
    public ConcurrentQueue<string> Surprises { get; } = [];

    /// <summary>One try.</summary>
    /// <returns>What became of it, and the ticket that it made.</returns>
    public async Task<(Outcome Outcome, string? TicketId)> TryAsync(LoadCommand command, bool isAsynchronous, int attempt)
    {
        var all = services();
        try
        {
            using var request = RequestOf(command, isAsynchronous);
            using var patience = new CancellationTokenSource(Patience);
            using var response = await all[(command.Number + attempt) % all.Count].Http.SendAsync(request, patience.Token);
            return await ReadAsync(command, response);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return (Outcome.Unknown, null);
        }
    }

    private static HttpRequestMessage RequestOf(LoadCommand command, bool isAsynchronous)
    {
        var (method, path, body) = command.Kind switch
        {
            CommandKind.Create => (HttpMethod.Post, "/api/v1/tickets", new { title = command.Key, created_by = "load" }),
            CommandKind.Update => (HttpMethod.Patch, $"/api/v1/tickets/{command.TicketId}", new { title = command.Key }),
            CommandKind.Comment => (HttpMethod.Post, $"/api/v1/tickets/{command.TicketId}/comments", new { author = "load", body = command.Key }),
            _ => (HttpMethod.Delete, $"/api/v1/tickets/{command.TicketId}", (object?)null),
        };
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        request.Headers.Add("X-Tenant-ID", command.Tenant);
        request.Headers.Add("Idempotency-Key", command.Key);
        if (isAsynchronous)
        {
            request.Headers.Add("Prefer", "respond-async");
        }

        return request;
    }

    private async Task<(Outcome Outcome, string? TicketId)> ReadAsync(LoadCommand command, HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.Created or HttpStatusCode.OK:
                var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
                Compare(command, id);
                return (Outcome.Taken, command.Kind == CommandKind.Create ? id : null);
            case HttpStatusCode.Accepted or HttpStatusCode.NoContent:
                return (Outcome.Taken, null);
            case HttpStatusCode.Conflict or HttpStatusCode.GatewayTimeout:
                // An earlier try of it is on its way still, or nobody can say whether this one is.
                return (Outcome.Unknown, null);
            case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests when response.Headers.RetryAfter is not null:
                return (Outcome.Refused, null);
            default:
                Surprises.Enqueue($"{command.Key}: {(int)response.StatusCode} {response.Headers.RetryAfter} {await response.Content.ReadAsStringAsync()}");
                return ((int)response.StatusCode < 500 ? Outcome.Refused : Outcome.Unknown, null);
        }
    }

    // A repeat gets the first answer.
    private void Compare(LoadCommand command, string id)
    {
        if (_answers.GetOrAdd(command.Key, id) is var first && first != id)
        {
            Surprises.Enqueue($"{command.Key}: was answered with {first}, and then with {id}");
        }
    }
}
