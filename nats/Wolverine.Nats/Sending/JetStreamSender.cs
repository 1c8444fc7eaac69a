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
        var (subject, data, headers, id) = PublicationOf(envelope);
        await broker.Publisher.PublishAsync(subject, data, headers, id, _stream, CancellationToken.None);
    }

    /// <summary>Sends many without waiting for one before the next.</summary>
    /// <returns>The fault of each; null for those that their stream has.</returns>
    public async Task<Exception?[]> SendAllAsync(IReadOnlyList<Envelope> envelopes)
    {
        var faults = new Exception?[envelopes.Count];
        List<Publication> publications = [];
        for (var i = 0; i < faults.Length; i++)
        {
            try
            {
                publications.Add(PublicationOf(envelopes[i]));
            }
#pragma warning disable CA1031 // A message that can't be written must not keep its neighbours.
            catch (Exception e)
#pragma warning restore CA1031
            {
                faults[i] = e;
            }
        }

        var outcomes = await broker.Publisher.PublishAllAsync(publications, _stream, CancellationToken.None);
        for (int i = 0, next = 0; i < faults.Length; i++)
        {
            faults[i] ??= outcomes[next++].Fault;
        }

        return faults;
    }

    private Publication PublicationOf(Envelope envelope)
    {
        var subject = route.Of(envelope);
        var headers = OutgoingHeaders.Of(endpoint, envelope);
        if (_schedules && envelope.IsScheduledForLater(DateTimeOffset.UtcNow))
        {
            subject = ScheduledDelivery.Schedule(subject, endpoint.ScheduleSubjectSuffix, envelope.Id, envelope.ScheduledTime!.Value, headers);
        }

        return new Publication(subject, envelope.Data!, headers, MessageIds.Of(envelope, endpoint.Transport.Configuration.MsgIdSource));
    }
}
