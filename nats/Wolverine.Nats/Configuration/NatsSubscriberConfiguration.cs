using Wolverine.Configuration;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;

namespace Wolverine.Nats.Configuration;

/// <summary>Says how messages are sent to a NATS subject.</summary>
public sealed class NatsSubscriberConfiguration : SubscriberConfiguration<NatsSubscriberConfiguration, NatsEndpoint>
{
    /// <summary>Made by <c>ToNatsSubject</c>.</summary>
    public NatsSubscriberConfiguration(NatsEndpoint endpoint)
        : base(endpoint)
    {
    }

    /// <summary>
    /// Publishes to JetStream: every publish is acknowledged by a stream or fails. Implied when a declared stream captures
    /// the subject.
    /// </summary>
    /// <param name="streamName">The stream that must take it; an ack of another one is an error. Default: the declared one.</param>
    public NatsSubscriberConfiguration UseJetStream(string? streamName = null)
    {
        _endpoint!.PublishesToJetStream = true;
        add(endpoint => endpoint.StreamName = streamName ?? endpoint.StreamName);
        return this;
    }

    /// <summary>Chooses the subject of each message, for instance by its type or tenant.</summary>
    public NatsSubscriberConfiguration ToSubject(Func<Envelope, string> subjectOf)
    {
        add(endpoint => endpoint.SubjectOf = subjectOf);
        return this;
    }

    /// <summary>Adds a header to every message.</summary>
    public NatsSubscriberConfiguration AddOutgoingHeader(string key, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        add(endpoint => endpoint.CustomHeaders[key] = value);
        return this;
    }

    /// <summary>
    /// What is added to the subject of a message that the server delivers later, before the message's id: ADR-51 of NATS wants a
    /// subject of its own for each schedule. The stream must capture <c>{subject}{suffix}.*</c>, and no consumer may take
    /// messages from there: it would have them at once. Default <c>.scheduled</c>.
    /// </summary>
    public NatsSubscriberConfiguration UseScheduleSubjectSuffix(string suffix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(suffix);
        NatsSubject.Publishable($"x{suffix}");
        add(endpoint => endpoint.ScheduleSubjectSuffix = suffix);
        return this;
    }

    /// <summary>
    /// Has a durable endpoint publish each message by itself and wait for its ack, as Wolverine does for a transport that sends no
    /// batches; it then deletes those together that were confirmed while a delete was under way, unless
    /// <see cref="DurabilitySettings.StoreOutgoingBatchSize"/> is 1. Default: a batch is published at once and deleted together.
    /// </summary>
    public NatsSubscriberConfiguration SendOneByOne()
    {
        add(endpoint => endpoint.SendsOneByOne = true);
        return this;
    }

    /// <summary>
    /// Has a durable endpoint hand over what the server has confirmed, instead of deleting it from Wolverine's outbox batch after
    /// batch, each in a transaction of its own. Who gets it must delete it there; what is left is sent again.
    /// </summary>
    /// <param name="confirmed">
    /// Gets each batch, perhaps more than once. When it throws, the batch goes back to the outbox; it is published again, the stream drops
    /// what it has, and it is handed over again.
    /// </param>
    public NatsSubscriberConfiguration WhenConfirmed(Func<IReadOnlyList<Envelope>, IWolverineRuntime, Task> confirmed)
    {
        add(endpoint => endpoint.WhenConfirmed = confirmed);
        return this;
    }

    /// <summary>
    /// Has an envelope stand for several messages, which are published one after another, each with an id, a type and a body of its own and
    /// all else as the envelope has it. It is confirmed when all of them are; until then all are published again, and the stream drops
    /// those that it has. Only for JetStream.
    /// </summary>
    /// <param name="parts">The messages of an envelope; null when it is a message by itself.</param>
    public NatsSubscriberConfiguration Unpack(Func<Envelope, IReadOnlyList<MessagePart>?> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _endpoint!.PublishesToJetStream = true;
        add(endpoint => endpoint.Parts = parts);
        return this;
    }

    /// <summary>Writes messages in another way than with Wolverine's own headers.</summary>
    public NatsSubscriberConfiguration UseInterop(INatsEnvelopeMapper mapper)
    {
        add(endpoint => endpoint.Mapper = mapper);
        return this;
    }
}
