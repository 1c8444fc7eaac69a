using NATS.Client.Core;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Mapping;

namespace Wolverine.Nats.Sending;

/// <summary>Publishes to streams and believes nothing but the ack.</summary>
internal sealed class JetStreamPublisher(NatsConnection connection, PermissionRefusals refusals) : IAsyncDisposable
{
    private const string ExpectedStream = "Nats-Expected-Stream";

    private readonly AckInbox _inbox = new(connection);

    /// <summary>How many bytes of headers and body the server takes.</summary>
    public int MaxPayload => connection.ServerInfo?.MaxPayload ?? int.MaxValue;

    /// <summary>Publishes once, with the server's short-lived "no responders" tried again.</summary>
    /// <param name="subject">Where to.</param>
    /// <param name="data">The body.</param>
    /// <param name="headers">The headers; the transport's own are added.</param>
    /// <param name="messageId">The message's identity for good: the same on every retry.</param>
    /// <param name="stream">The stream that must take it; null when any may.</param>
    /// <param name="cancellation">Ends the waiting; the message may be stored all the same.</param>
    /// <returns>False when the stream had this id already within its window.</returns>
    /// <exception cref="PublishRefusedException">It is not stored.</exception>
    /// <exception cref="PublishUnknownException">It may be stored or not.</exception>
    public async Task<bool> PublishAsync(
        string subject, byte[] data, NatsHeaders headers, string messageId, string? stream, CancellationToken cancellation)
    {
        var outcomes = await PublishAllAsync([new Publication(subject, data, headers, messageId)], stream, cancellation);
        return outcomes[0].Fault is { } fault ? throw fault : !outcomes[0].Duplicate;
    }

    /// <summary>Publishes many without waiting for one before the next.</summary>
    /// <param name="publications">The messages.</param>
    /// <param name="stream">The stream that must take them; null when any may.</param>
    /// <param name="cancellation">Ends the waiting; messages may be stored all the same.</param>
    /// <returns>What became of each.</returns>
    public async Task<PublishOutcome[]> PublishAllAsync(
        IReadOnlyList<Publication> publications, string? stream, CancellationToken cancellation)
    {
        var operations = new ClientOperation[publications.Count];
        for (var i = 0; i < operations.Length; i++)
        {
            var (subject, data, headers, messageId) = publications[i];
            operations[i] = NatsInstrumentation.StartPublish(subject, stream, data.Length);
            headers[OutgoingHeaders.MessageId] = messageId;
            if (stream is not null)
            {
                headers[ExpectedStream] = stream;
            }
        }

        var attempts = new PublishAttempts(connection, _inbox, refusals, publications, stream);
        try
        {
            await attempts.RunAsync(cancellation);
            for (var i = 0; i < operations.Length; i++)
            {
                operations[i].End(attempts.Outcomes[i].Fault);
            }
        }
        finally
        {
            foreach (var operation in operations)
            {
                operation.Dispose();
            }
        }

        return attempts.Outcomes;
    }

    public ValueTask DisposeAsync() => _inbox.DisposeAsync();
}
