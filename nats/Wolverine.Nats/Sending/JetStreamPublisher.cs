using NATS.Client.Core;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Diagnostics;

namespace Wolverine.Nats.Sending;

/// <summary>Publishes to streams and believes nothing but the ack.</summary>
internal sealed class JetStreamPublisher(NatsConnection connection, PermissionRefusals refusals) : IAsyncDisposable
{
    private const string ExpectedStream = "Nats-Expected-Stream";
    private const string MessageId = "Nats-Msg-Id";

    // While its leader is elected, a stream does not listen.
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

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
            headers[MessageId] = messageId;
            if (stream is not null)
            {
                headers[ExpectedStream] = stream;
            }
        }

        var outcomes = new PublishOutcome[operations.Length];
        try
        {
            await PublishAllAsync(publications, stream, outcomes, cancellation);
            for (var i = 0; i < operations.Length; i++)
            {
                operations[i].End(outcomes[i].Fault);
            }
        }
        finally
        {
            foreach (var operation in operations)
            {
                operation.Dispose();
            }
        }

        return outcomes;
    }

    public ValueTask DisposeAsync() => _inbox.DisposeAsync();

    private async Task PublishAllAsync(
        IReadOnlyList<Publication> publications, string? stream, PublishOutcome[] outcomes, CancellationToken cancellation)
    {
        List<int> left = [.. Enumerable.Range(0, publications.Count)];
        for (var attempt = 1; left.Count > 0; attempt++)
        {
            List<int> unheard = [];
            using var batch = await _inbox.OpenAsync(left.Count, cancellation);
            await SendAsync(publications, left, batch, stream, outcomes);
            var acks = await batch.WaitAsync(connection.Opts.RequestTimeout, cancellation);
            for (var i = 0; i < acks.Length; i++)
            {
                var place = left[i];
                if (acks[i].Kind == PublishAck.Answer.NoResponders && attempt < Tries)
                {
                    unheard.Add(place);
                }
                else if (outcomes[place].Fault is null)
                {
                    outcomes[place] = OutcomeOf(publications[place].Subject, stream, acks[i]);
                }
            }

            left = unheard;
            if (left.Count > 0)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private async Task SendAsync(
        IReadOnlyList<Publication> publications, List<int> places, AckBatch batch, string? stream, PublishOutcome[] outcomes)
    {
        Exception? broken = null;
        for (var i = 0; i < places.Count; i++)
        {
            var (subject, data, headers, _) = publications[places[i]];
            var fault = broken;
            try
            {
                if (broken is null)
                {
                    await connection.PublishAsync(subject, data, headers, batch.ReplyTo(i), NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
                    continue;
                }
            }
            catch (NatsPayloadTooLargeException e)
            {
                outcomes[places[i]] = new PublishOutcome(false, PublishRefusedException.TooLarge(subject, stream, e.Message));
                batch.GiveUp();
                continue;
            }
            catch (Exception e) when (e is NatsException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                // When the connection fails, so will all that come after. What fails on an open one may be the message's own fault.
                fault = e;
                broken = e is NatsException && connection.ConnectionState == NatsConnectionState.Open ? null : e;
            }

            outcomes[places[i]] = new PublishOutcome(false, new PublishUnknownException(subject, stream, refusals.Publishing(subject), fault));
            batch.GiveUp();
        }
    }

    private PublishOutcome OutcomeOf(string subject, string? stream, PublishAck ack) => ack.Kind switch
    {
        PublishAck.Answer.Stored => default,
        PublishAck.Answer.Duplicate => new PublishOutcome(true, null),
        PublishAck.Answer.Refused => new PublishOutcome(
            false, PublishRefusedException.ByServer(subject, stream, ack.ErrorCode, ack.Description ?? "no description")),
        _ => new PublishOutcome(false, new PublishUnknownException(subject, stream, refusals.Publishing(subject), null)),
    };
}
