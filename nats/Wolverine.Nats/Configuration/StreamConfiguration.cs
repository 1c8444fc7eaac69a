using NATS.Client.JetStream.Models;

namespace Wolverine.Nats.Configuration;

/// <summary>What a JetStream stream must look like. The defaults keep everything on file, once, for ever.</summary>
public sealed class StreamConfiguration
{
    /// <summary>The stream's name.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The subjects it captures; wildcards allowed. An existing stream keeps those it has beside these.</summary>
    public IList<string> Subjects { get; private set; } = [];

    /// <summary>When messages leave. Default: by the stream's limits.</summary>
    public StreamConfigRetention Retention { get; set; } = StreamConfigRetention.Limits;

    /// <summary>Where messages are kept. Default: on file.</summary>
    public StreamConfigStorage Storage { get; set; } = StreamConfigStorage.File;

    /// <summary>How many messages it takes. Default: any number.</summary>
    public long? MaxMessages { get; set; }

    /// <summary>How many bytes it takes. Default: what the server has.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>How long messages are kept. Default: for ever.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>How many messages of one subject it takes. Default: any number.</summary>
    public int? MaxMessagesPerSubject { get; set; }

    /// <summary>
    /// The largest message in bytes, body and headers. Default: what the server takes. Some kilobytes less than that leave room for what a
    /// dead letter tells: a message that fills the server's <c>max_payload</c> with its body alone can't be dead-lettered.
    /// </summary>
    public int? MaxMessageSize { get; set; }

    /// <summary>
    /// What a full stream does. Default: it refuses new messages, so that the publisher hears of it.
    /// <see cref="StreamConfigDiscard.Old"/> drops messages that were already acknowledged, so a work queue refuses it.
    /// </summary>
    public StreamConfigDiscard DiscardPolicy { get; set; } = StreamConfigDiscard.New;

    /// <summary>Copies in the cluster, 1 to 5. Default 1.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>How many copies when the server is one of a cluster; null for as many as elsewhere. Default null.</summary>
    public int? ReplicasInCluster { get; set; }

    /// <summary>Lets publishers replace messages with a rollup header. Default false.</summary>
    public bool AllowRollup { get; set; }

    /// <summary>Lets any replica answer reads of single messages. Default true.</summary>
    public bool AllowDirect { get; set; } = true;

    /// <summary>Forbids deleting single messages. Default false.</summary>
    public bool DenyDelete { get; set; }

    /// <summary>Forbids purging. Default false.</summary>
    public bool DenyPurge { get; set; }

    /// <summary>How long a repeated <c>Nats-Msg-Id</c> is recognised. Default: <see cref="JetStreamDefaults.DuplicateWindow"/>.</summary>
    public TimeSpan? DuplicateWindow { get; set; }

    /// <summary>Lets the stream deliver messages later (server 2.12, ADR-51 of NATS). Default false; older servers go without.</summary>
    public bool AllowMsgSchedules { get; set; }

    /// <summary>Captures one more subject.</summary>
    public StreamConfiguration WithSubject(string subject) => WithSubjects(subject);

    /// <summary>Captures more subjects.</summary>
    public StreamConfiguration WithSubjects(params string[] subjects)
    {
        foreach (var subject in subjects.Select(NatsSubject.Filter).Except(Subjects, StringComparer.Ordinal).ToArray())
        {
            Subjects.Add(subject);
        }

        return this;
    }

    /// <summary>Keeps messages until a limit is reached.</summary>
    public StreamConfiguration WithLimits(long? maxMessages = null, long? maxBytes = null, TimeSpan? maxAge = null)
    {
        Retention = StreamConfigRetention.Limits;
        MaxMessages = maxMessages ?? MaxMessages;
        MaxBytes = maxBytes ?? MaxBytes;
        MaxAge = maxAge ?? MaxAge;
        return this;
    }

    /// <summary>Keeps each message until one consumer has finished it. Consumers of a work queue can't overlap.</summary>
    public StreamConfiguration AsWorkQueue()
    {
        Retention = StreamConfigRetention.Workqueue;
        return this;
    }

    /// <summary>Keeps this many copies in the cluster.</summary>
    public StreamConfiguration WithReplicas(int replicas)
    {
        Replicas = replicas;
        return this;
    }

    /// <summary>Keeps this many copies when the server is one of a cluster, and one when it stands alone.</summary>
    public StreamConfiguration WithReplicasInCluster(int replicas)
    {
        ReplicasInCluster = replicas;
        return this;
    }

    /// <summary>Recognises a repeated <c>Nats-Msg-Id</c> for so long.</summary>
    public StreamConfiguration WithDeduplicationWindow(TimeSpan window)
    {
        DuplicateWindow = window;
        return this;
    }

    /// <summary>
    /// Lets the server deliver messages later, from version 2.12 on (ADR-51 of NATS). Such a stream may not have a limit of number or bytes
    /// unless it discards old messages: the server lets it refuse none.
    /// </summary>
    public StreamConfiguration EnableScheduledDelivery()
    {
        AllowMsgSchedules = true;
        return this;
    }

    internal StreamConfiguration Copy()
    {
        var copy = (StreamConfiguration)MemberwiseClone();
        copy.Subjects = [.. Subjects];
        return copy;
    }

    internal bool Captures(string subject) => Subjects.Any(filter => NatsSubject.Covers(filter, subject));

    /// <exception cref="TopologyDeclarationException">It would lose messages or capture nothing.</exception>
    internal void Validate()
    {
        if (Subjects.Count == 0)
        {
            throw new TopologyDeclarationException($"Stream '{Name}' captures no subject; add some with WithSubjects.");
        }

        if (Retention == StreamConfigRetention.Workqueue && DiscardPolicy == StreamConfigDiscard.Old)
        {
            throw new TopologyDeclarationException(
                $"Stream '{Name}' is a work queue that discards old messages, which loses what it has accepted; use StreamConfigDiscard.New.");
        }

        if (AllowMsgSchedules && DiscardPolicy == StreamConfigDiscard.New && (MaxMessages ?? MaxBytes) is not null)
        {
            throw new TopologyDeclarationException(
                $"Stream '{Name}' keeps schedules and has a limit. The server lets no such stream refuse messages when it is full, so it would drop what it "
                + "has accepted; leave out MaxMessages and MaxBytes, or say DiscardPolicy = StreamConfigDiscard.Old.");
        }
    }
}
