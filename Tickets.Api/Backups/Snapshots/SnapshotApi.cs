using System.Text.Json.Nodes;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Tickets.Handlers.Storage;

namespace Tickets.Api.Backups.Snapshots;

/// <summary>Asks JetStream's API for what the client library has no call for.</summary>
/// <param name="jetStream">The connection, and the prefix of the API.</param>
internal sealed class SnapshotApi(INatsJSContext jetStream)
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The connection.</summary>
    public INatsConnection Connection => jetStream.Connection;

    /// <summary>Sends a request, and reads the answer.</summary>
    /// <param name="verb">Such as <c>STREAM.SNAPSHOT</c>.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="BackupException">The server refuses.</exception>
    public async Task<JsonObject> AskAsync(string verb, string stream, JsonObject request, CancellationToken cancellation) => Answer(
        verb, stream, await SendAsync($"{jetStream.Opts.Prefix}.{verb}.{stream}", System.Text.Encoding.UTF8.GetBytes(request.ToJsonString()), cancellation));

    /// <summary>Sends some bytes and returns the answer to them.</summary>
    /// <exception cref="NatsNoReplyException">There is none in time, or the server forbids to send them.</exception>
    public async Task<byte[]> SendAsync(string subject, byte[] bytes, CancellationToken cancellation)
    {
        using var forbidden = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Connection.ServerError += OnServerErrorAsync;
        try
        {
            var answer = await Connection.RequestAsync<byte[], byte[]>(
                subject, bytes, replyOpts: new NatsSubOpts { Timeout = Patience }, cancellationToken: forbidden.Token);
            return answer.Data ?? [];
        }
        catch (OperationCanceledException) when (forbidden.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new NatsNoReplyException();
        }
        finally
        {
            Connection.ServerError -= OnServerErrorAsync;
        }

        // It tells of that apart from the request, to which no answer comes.
        async ValueTask OnServerErrorAsync(object? sender, NatsServerErrorEventArgs error)
        {
            if (error.Error.Contains($"Publish to \"{subject}\"", StringComparison.Ordinal))
            {
                await forbidden.CancelAsync();
            }
        }
    }

    /// <summary>Reads an answer of the API.</summary>
    /// <exception cref="BackupException">It tells an error.</exception>
    public static JsonObject Answer(string verb, string stream, byte[] answer)
    {
        var json = JsonNode.Parse(answer)!.AsObject();
        return json["error"] is { } error
            ? throw new BackupException($"the server refuses {verb} of {stream}: {error["description"]} ({error["err_code"]})")
            : json;
    }
}
