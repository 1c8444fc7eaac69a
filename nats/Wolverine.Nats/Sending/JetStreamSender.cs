using System.Runtime.ExceptionServices;
using Wolverine.Nats.Connection;
using Wolverine.Nats.Mapping;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace Wolverine.Nats.Sending;

/// <summary>Sends one message and returns when its stream has it. Throws when it has not, so nothing is lost unheard.</summary>
internal sealed class JetStreamSender(NatsEndpoint endpoint, NatsBroker broker, SubjectRoute route) : ISender, IReportConnectionState
{
    private readonly string? _stream = endpoint.Transport.Declarations.StreamOf(endpoint);
    private readonly bool _schedules = ScheduledDelivery.IsSupported(endpoint, broker.Server.SupportsSchedules);

    public bool SupportsNativeScheduledSend => _schedules;

    public Uri Destination => endpoint.Uri;

    public TransportConnectionState ConnectionState => broker.ConnectionState;

    public async Task<bool> PingAsync()
    {
        await (_stream is null
            ? broker.Connection.PingAsync().AsTask()
            : broker.Streams.AssertLeaderAsync(_stream, CancellationToken.None));
        return true;
    }

    /// <exception cref="PublishException">The stream did not confirm it.</exception>
    /// <exception cref="InvalidSubjectException">Its subject is none that can be published to.</exception>
    public async ValueTask SendAsync(Envelope envelope)
    {
        if ((await SendAllAsync([envelope]))[0] is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Sends many without waiting for one before the next.</summary>
    /// <returns>The fault of each; null for those that their stream has. Of a bundle, what may pass comes before what never will.</returns>
    public async Task<Exception?[]> SendAllAsync(IReadOnlyList<Envelope> envelopes)
    {
        var faults = new Exception?[envelopes.Count];
        var ends = new int[envelopes.Count];
        List<Publication> publications = new(envelopes.Count);
        for (var i = 0; i < faults.Length; i++)
        {
            try
            {
                Add(envelopes[i], publications);
            }
#pragma warning disable CA1031 // A message that can't be written must not keep its neighbours.
            catch (Exception e)
#pragma warning restore CA1031
            {
                faults[i] = e;
            }

            ends[i] = publications.Count;
        }

        var outcomes = await broker.Publisher.PublishAllAsync(publications, _stream, CancellationToken.None);
        for (int i = 0, next = 0; i < faults.Length; i++)
        {
            for (; next < ends[i]; next++)
            {
                var fault = outcomes[next].Fault;
                faults[i] = PipelinedSender.MayPass(faults[i]) ? faults[i] : fault ?? faults[i];
            }
        }

        return faults;
    }

    private void Add(Envelope envelope, List<Publication> publications)
    {
        if (endpoint.Parts?.Invoke(envelope) is not { } parts)
        {
            publications.Add(PublicationOf(envelope, envelope.Data!, MessageIds.Of(envelope, endpoint.Transport.Configuration.MsgIdSource)));
            return;
        }

        var message = CopyOf(envelope);
        var whole = publications.Count;
        try
        {
            foreach (var part in parts)
            {
                message.Id = part.Id;
                message.MessageType = part.MessageType;
                publications.Add(PublicationOf(message, part.Body, part.Id.ToString()));
            }
        }
        catch
        {
            // All of it, or nothing.
            publications.RemoveRange(whole, publications.Count - whole);
            throw;
        }
    }

    private static Envelope CopyOf(Envelope envelope)
    {
        var copy = new Envelope
        {
            ContentType = envelope.ContentType,
            DeliverBy = envelope.DeliverBy,
            Destination = envelope.Destination,
            GroupId = envelope.GroupId,
            ParentId = envelope.ParentId,
            ReplyUri = envelope.ReplyUri,
            ScheduledTime = envelope.ScheduledTime,
            SentAt = envelope.SentAt,
            Source = envelope.Source,
            TopicName = envelope.TopicName,
        };
        copy.CopyContextCorrelationFrom(envelope);
        foreach (var (name, value) in envelope.Headers)
        {
            copy.Headers[name] = value;
        }

        return copy;
    }

    private Publication PublicationOf(Envelope envelope, ReadOnlyMemory<byte> body, string id)
    {
        var subject = route.Of(envelope);
        var headers = OutgoingHeaders.Of(endpoint, envelope);
        if (_schedules && envelope.IsScheduledForLater(DateTimeOffset.UtcNow))
        {
            subject = ScheduledDelivery.Schedule(subject, endpoint.ScheduleSubjectSuffix, envelope.Id, envelope.ScheduledTime!.Value, headers);
        }

        return new Publication(subject, body, headers, id);
    }
}
