using System.Buffers;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace NatsServers;

/// <summary>Reads what a stream holds, without taking any of it.</summary>
public static class MessageReading
{
    private const int NoMessageFound = 10037;
    private const int AtOnce = 256;

    /// <summary>The value of a header, or null when the message has none of that name.</summary>
    public static string? Header(this NatsMsg<string> message, string name) =>
        message.Headers is not null && message.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The body as JSON.</summary>
    public static JsonElement Json(this NatsMsg<string> message) => JsonDocument.Parse(message.Data!).RootElement;

    /// <summary>
    /// All messages of a stream in their order. Asks the stream's leader for each: a consumer would need an election of its own in a
    /// cluster, and a work queue would not let it in.
    /// </summary>
    public static async Task<IReadOnlyList<NatsMsg<string>>> ReadStreamAsync(this NatsJSContext jetStream, string name)
    {
        var stream = await jetStream.GetStreamAsync(name);
        List<NatsMsg<string>> messages = [];
        foreach (var sequences in Sequences(stream.Info.State).Chunk(AtOnce))
        {
            var found = await Task.WhenAll(sequences.Select(sequence => FindAsync(stream, sequence)));
            messages.AddRange(found.OfType<StoredMessage>().Select(stored => Message(stored, jetStream.Connection)));
        }

        return messages;
    }

    private static IEnumerable<ulong> Sequences(StreamState state)
    {
        for (var next = Math.Max(1, state.FirstSeq); next <= state.LastSeq; next++)
        {
            yield return next;
        }
    }

    // Null for one that was removed.
    private static async Task<StoredMessage?> FindAsync(INatsJSStream stream, ulong sequence)
    {
        try
        {
            return (await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence })).Message;
        }
        catch (NatsJSApiException fault) when (fault.Error.ErrCode == NoMessageFound)
        {
            return null;
        }
    }

    private static NatsMsg<string> Message(StoredMessage stored, INatsConnection connection)
    {
        ReadOnlySequence<byte>? headers = stored.Hdrs is null ? null : new ReadOnlySequence<byte>(Convert.FromBase64String(stored.Hdrs));
        var body = new ReadOnlySequence<byte>(stored.Data);
        return NatsMsg<string>.Build(
            stored.Subject, null, headers, body, connection, connection.HeaderParser, NatsDefaultSerializer<string>.Default);
    }
}
