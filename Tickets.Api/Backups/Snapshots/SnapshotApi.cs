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
    /// <exception cref="BackupException">The server refuses.</exception>
    public async Task<JsonObject> AskAsync(string verb, string stream, JsonObject request) => Answer(
        verb, stream, await SendAsync($"{jetStream.Opts.Prefix}.{verb}.{stream}", System.Text.Encoding.UTF8.GetBytes(request.ToJsonString())));

    /// <summary>Sends some bytes and returns the answer to them.</summary>
    public async Task<byte[]> SendAsync(string subject, byte[] bytes)
    {
        var answer = await Connection.RequestAsync<byte[], byte[]>(subject, bytes, replyOpts: new NatsSubOpts { Timeout = Patience });
        return answer.Data ?? [];
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
