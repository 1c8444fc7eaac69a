using NATS.Client.JetStream.Models;
using Wolverine.Nats.Configuration;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Provisioning;

/// <summary>A declared stream on a given server: with defaults filled in, and without what the server does not know.</summary>
internal sealed record StreamDeclaration(StreamConfiguration Stream, string[] Subjects, TimeSpan DuplicateWindow)
{
    public string Name => Stream.Name;

    /// <summary>Nobody declared it: one that is there already is taken as it is, as long as it captures the subjects.</summary>
    public bool Implied { get; init; }

    /// <summary>One that is there already gets the subjects that it lacks, though nobody declared it.</summary>
    public bool Grows { get; init; }

    /// <summary>The stream as it is to be. Of one that is there already stays what nobody declares: an operator may have set it.</summary>
    public StreamConfig ToStreamConfig(ServerFacts server, StreamConfig? existing)
    {
        string[] subjects = [.. Joined(existing?.Subjects ?? [])];
        if (existing is not null && Implied)
        {
            return existing with { Subjects = subjects };
        }

        var schedules = Stream.AllowMsgSchedules && server.SupportsSchedules;
        return (existing ?? new StreamConfig { MaxConsumers = -1 }) with
        {
            Name = Name,
            Subjects = subjects,
            Retention = Stream.Retention,
            // Where schedules are, a server takes no other; without limits nothing is discarded (StreamConfiguration.Validate).
            Discard = schedules ? StreamConfigDiscard.Old : Stream.DiscardPolicy,
            MaxAge = Stream.MaxAge ?? TimeSpan.Zero,
            MaxMsgSize = Stream.MaxMessageSize ?? -1,
            MaxMsgs = Stream.MaxMessages ?? -1,
            MaxBytes = Stream.MaxBytes ?? -1,
            MaxMsgsPerSubject = Stream.MaxMessagesPerSubject ?? -1,
            DuplicateWindow = DuplicateWindow,
            NumReplicas = server.IsClustered ? Stream.ReplicasInCluster ?? Stream.Replicas : Stream.Replicas,
            Storage = Stream.Storage,
            AllowDirect = Stream.AllowDirect,
            AllowRollupHdrs = schedules || Stream.AllowRollup,
            DenyDelete = Stream.DenyDelete,
            DenyPurge = !schedules && Stream.DenyPurge,
            AllowMsgSchedules = schedules,
        };
    }

    public IEnumerable<string> DifferencesFrom(StreamConfig found, ServerFacts server)
    {
        var missing = Subjects.Where(subject => !(found.Subjects ?? []).Any(filter => NatsSubject.Covers(filter, subject))).ToArray();
        if (missing.Length > 0)
        {
            yield return $"subjects are {string.Join(' ', found.Subjects ?? [])}, declared also {string.Join(' ', missing)}";
        }

        foreach (var difference in Implied ? [] : Compare(ToStreamConfig(server, existing: null), found))
        {
            yield return difference;
        }
    }

    private static IEnumerable<string> Compare(StreamConfig declared, StreamConfig found) =>
        [
            .. Difference.Of("retention", declared.Retention, found.Retention),
            .. Difference.Of("discard", declared.Discard, found.Discard),
            .. Difference.Of("max age", declared.MaxAge, found.MaxAge),
            .. Difference.Of("max message size", declared.MaxMsgSize, found.MaxMsgSize),
            .. Difference.Of("max messages", declared.MaxMsgs, found.MaxMsgs),
            .. Difference.Of("max bytes", declared.MaxBytes, found.MaxBytes),
            .. Difference.Of("max messages of a subject", declared.MaxMsgsPerSubject, found.MaxMsgsPerSubject),
            .. Difference.Of("duplicate window", declared.DuplicateWindow, found.DuplicateWindow),
            .. Difference.Of("replicas", declared.NumReplicas, found.NumReplicas),
            .. Difference.Of("storage", declared.Storage, found.Storage),
            .. Difference.Of("rollup", declared.AllowRollupHdrs, found.AllowRollupHdrs),
            .. Difference.Of("deny delete", declared.DenyDelete, found.DenyDelete),
            .. Difference.Of("deny purge", declared.DenyPurge, found.DenyPurge),
            .. Difference.Of("message schedules", declared.AllowMsgSchedules, found.AllowMsgSchedules),
        ];

    // A stream's own subjects must not overlap.
    private IEnumerable<string> Joined(ICollection<string> existing)
    {
        var kept = existing.Where(subject => !Subjects.Any(declared => NatsSubject.Covers(declared, subject))).ToArray();
        return kept.Concat(Subjects.Where(declared => !kept.Any(subject => NatsSubject.Covers(subject, declared))));
    }
}
