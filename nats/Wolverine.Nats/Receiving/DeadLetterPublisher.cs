using System.Globalization;
using NATS.Client.Core;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Diagnostics;
using Wolverine.Nats.Mapping;
using Wolverine.Nats.Provisioning;
using Wolverine.Nats.Sending;
using Wolverine.Runtime;

namespace Wolverine.Nats.Receiving;

/// <summary>
/// Copies a delivery to the dead-letter stream. The copy's id names the delivery, not the message: the message's own
/// id could be taken for a repeat of something else, and the copy be lost.
/// </summary>
internal sealed class DeadLetterPublisher(
    NatsBroker broker, DeadLetterConfiguration target, NatsEndpoint endpoint, ConsumerDeclaration consumer, IWolverineRuntime runtime)
    : IDeadLetterTarget
{
    // A stream takes no more.
    private const int MostHeaderBytes = ushort.MaxValue;

    private readonly LetterWriter _writer = new(endpoint, consumer);

    public bool IsNative => true;

    /// <exception cref="PublishException">The dead-letter stream did not confirm it.</exception>
    public async Task StoreAsync(Envelope envelope, DeadLetterCause cause, CancellationToken cancellation)
    {
        var headers = new LetterHeaders();
        var (subject, id) = _writer.Write(headers, envelope, cause);
        try
        {
            await PublishAsync(DeadLetterSubject.Of(target.SubjectOf(subject, envelope.TenantId)), envelope.Data ?? [], headers, id, cancellation);
        }
        catch (PublishRefusedException e) when (e.IsTooLarge)
        {
            throw NoRoomFor(envelope, e);
        }

        NatsInstrumentation.RecordDeadLetter(consumer.Stream, consumer.Name);
    }

    public async Task TellAsync(Envelope envelope, DeadLetterCause cause)
    {
        if (endpoint.WhenDeadLettered is { } tell)
        {
            await tell(new DeadLetter(envelope, MessageOf(envelope, cause), cause.Reason, cause.Exception), runtime);
        }
    }

    private NatsMessage MessageOf(Envelope envelope, DeadLetterCause cause)
    {
        if (envelope is NatsEnvelope { Delivery: var delivery })
        {
            return new NatsMessage(delivery.Subject, delivery.Headers);
        }

        var headers = new LetterHeaders();
        var (subject, _) = _writer.Write(headers, envelope, cause);
        return new NatsMessage(subject, headers.ToNats());
    }

    // A repeat of this id is the same dead letter, recorded before an ack was lost.
    private async Task PublishAsync(string subject, byte[] data, LetterHeaders headers, string id, CancellationToken cancellation)
    {
        headers.ShrinkTo(Math.Min(MostHeaderBytes, broker.Publisher.MaxPayload - data.Length));
        for (var (isStored, isCaptured) = (false, false); !isStored;)
        {
            try
            {
                await broker.Publisher.PublishAsync(subject, data, headers.ToNats(), id, stream: null, cancellation);
                isStored = true;
            }
            catch (PublishUnknownException e) when (e is { Forbidden: false, InnerException: null } && !isCaptured)
            {
                await RestoreAsync(subject, e, cancellation);
                isCaptured = true;
            }
            catch (PublishRefusedException e) when (e.IsTooLarge)
            {
                // The stream takes less than the server, and does not say how much.
                if (!headers.ShrinkTo(headers.Size / 2))
                {
                    throw;
                }
            }
        }
    }

    // Nothing else notices that the stream of dead letters was deleted: nobody listens to it.
    private async Task RestoreAsync(string subject, PublishUnknownException unheard, CancellationToken cancellation)
    {
        try
        {
            await broker.Refusals.ExplainAsync(
                () => new DeadLetterStreams(endpoint.Transport, broker, consumer).EnsureCapturedAsync(subject, target.Filter, cancellation));
        }
        catch (NatsConfigurationException e)
        {
            throw new PublishException(e.Message, unheard);
        }
        catch (NatsException)
        {
            // Its leader is away, as that of the letters' stream may be.
            throw unheard;
        }
    }

    private PublishException NoRoomFor(Envelope envelope, PublishRefusedException refusal)
    {
        var sequence = (envelope as NatsEnvelope)?.Delivery.Metadata!.Value.Sequence.Stream;
        var message = sequence is null ? envelope.Id.ToString() : sequence.Value.ToString(CultureInfo.InvariantCulture);
        var remedy = refusal.Code == 0
            ? $"Raise the server's max_payload (now {broker.Publisher.MaxPayload} bytes) by some kilobytes"
            : $"Raise the MaxMessageSize of the stream that keeps '{refusal.Subject}'";
        return new PublishException(
            $"Message {message} of stream '{consumer.Stream}' leaves no room for the headers of its dead letter. {remedy}"
            + (sequence is null ? "." : $", or take the message out: nats stream rmm {consumer.Stream} {sequence}.")
            + " With a MaxMessageSize below max_payload the stream refuses such messages.",
            refusal);
    }
}
