using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Configuration;

namespace Wolverine.Nats.Provisioning;

/// <summary>
/// Creates streams, updates what the server allows to change, and reads the result back: an older server silently
/// drops the fields it does not know.
/// </summary>
public sealed class StreamProvisioner
{
    private const int StreamNotFound = 10059;

    private readonly INatsJSContext _jetStream;

    internal StreamProvisioner(INatsJSContext jetStream) => _jetStream = jetStream;

    /// <summary>Makes the stream as declared.</summary>
    /// <exception cref="TopologyMismatchException">The server keeps another configuration.</exception>
    /// <exception cref="NatsJSApiException">The server refuses, for instance for lack of permission or space.</exception>
    public async Task ProvisionAsync(StreamConfiguration stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var differences = await DifferencesAsync(stream, cancellation);
        if (differences.Count == 0)
        {
            return;
        }

        await _jetStream.CreateOrUpdateStreamAsync(stream.ToStreamConfig(), cancellation);
        differences = await DifferencesAsync(stream, cancellation);
        if (differences.Count > 0)
        {
            throw new TopologyMismatchException(stream.Name, differences);
        }
    }

    /// <summary>What differs between the declaration and the server; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(StreamConfiguration stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var found = await _jetStream.GetStreamAsync(stream.Name, cancellationToken: cancellation);
            return [.. Compare(stream.ToStreamConfig(), found.Info.Config)];
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode == StreamNotFound)
        {
            return ["it does not exist"];
        }
    }

    /// <summary>Throws unless the stream answers and, in a cluster, has a leader.</summary>
    /// <exception cref="NatsJSException">It does not.</exception>
    public async Task AssertLeaderAsync(string stream, CancellationToken cancellation)
    {
        var found = await _jetStream.GetStreamAsync(stream, cancellationToken: cancellation);
        if (found.Info.Cluster is { Leader: null or "" })
        {
            throw new NatsJSException($"Stream {stream} has no leader.");
        }
    }

    /// <summary>The stream that captures a subject; null when none does.</summary>
    public async Task<string?> CapturingAsync(string subject, CancellationToken cancellation)
    {
        await foreach (var name in _jetStream.ListStreamNamesAsync(subject, cancellation))
        {
            return name;
        }

        return null;
    }

    private static IEnumerable<string> Compare(StreamConfig declared, StreamConfig found) =>
    [
        .. Difference.Of("subjects", Joined(declared.Subjects), Joined(found.Subjects)),
        .. Difference.Of("retention", declared.Retention, found.Retention),
        .. Difference.Of("discard", declared.Discard, found.Discard),
        .. Difference.Of("max age", declared.MaxAge, found.MaxAge),
        .. Difference.Of("max message size", declared.MaxMsgSize, found.MaxMsgSize),
        .. Difference.Of("max bytes", declared.MaxBytes, found.MaxBytes),
        .. Difference.Of("duplicate window", declared.DuplicateWindow, found.DuplicateWindow),
        .. Difference.Of("replicas", declared.NumReplicas, found.NumReplicas),
        .. Difference.Of("storage", declared.Storage, found.Storage),
    ];

    private static string Joined(ICollection<string>? subjects) =>
        string.Join(' ', (subjects ?? []).Order(StringComparer.Ordinal));
}
