using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Diagnostics;

namespace Wolverine.Nats.Sending;

/// <summary>Publishes to streams and believes nothing but the ack.</summary>
internal sealed class JetStreamPublisher(INatsJSContext jetStream, PermissionRefusals refusals)
{
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
        using var operation = NatsInstrumentation.StartPublish(subject, stream, data.Length);
        try
        {
            var stored = await PublishUntracedAsync(subject, data, headers, messageId, stream, cancellation);
            operation.Succeed();
            return stored;
        }
        catch (PublishException e)
        {
            operation.Fail(e);
            throw;
        }
    }

    private async Task<bool> PublishUntracedAsync(
        string subject, byte[] data, NatsHeaders headers, string messageId, string? stream, CancellationToken cancellation)
    {
        var options = new NatsJSPubOpts { MsgId = messageId, ExpectedStream = stream };
        NatsResult<PubAckResponse> result;
        try
        {
            result = await jetStream.TryPublishAsync(subject, data, opts: options, headers: headers, cancellationToken: cancellation);
        }
        catch (Exception e) when (e is NatsException or TimeoutException)
        {
            throw new PublishUnknownException(subject, stream, refusals.Publishing(subject), e);
        }

        if (!result.Success)
        {
            throw result.Error is NatsPayloadTooLargeException tooLarge
                ? PublishRefusedException.TooLarge(subject, stream, tooLarge.Message)
                : new PublishUnknownException(subject, stream, refusals.Publishing(subject), result.Error);
        }

        // The ack carries the error; the client does not throw for it.
        return result.Value.Error is { } error
            ? throw PublishRefusedException.ByServer(subject, stream, error.ErrCode, error.Description ?? "no description")
            : !result.Value.Duplicate;
    }
}
