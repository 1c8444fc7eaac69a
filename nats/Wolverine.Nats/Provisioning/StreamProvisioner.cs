using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Wolverine.Nats.Connection;

namespace Wolverine.Nats.Provisioning;

/// <summary>
/// Creates streams, updates what the server allows to change, and reads the result back: an older server silently
/// drops the fields it does not know.
/// </summary>
internal sealed class StreamProvisioner(INatsJSContext jetStream, NatsBroker broker)
{
    /// <summary>Makes the stream as declared. Subjects are added, never taken away: others may publish there.</summary>
    /// <exception cref="TopologyMismatchException">The server keeps another configuration.</exception>
    /// <exception cref="NatsJSApiException">The server refuses, for instance for lack of permission or space.</exception>
    public async Task ProvisionAsync(StreamDeclaration stream, CancellationToken cancellation)
    {
        var found = await FindAsync(stream.Name, cancellation);
        var differences = found is null ? [] : stream.DifferencesFrom(found.Info.Config, broker.Server).ToArray();
        if (found is not null && differences.Length == 0)
        {
            return;
        }

        if (found is not null && stream is { Implied: true, Grows: false })
        {
            throw new TopologyMismatchException(stream.Name, differences);
        }

        var wanted = stream.ToStreamConfig(broker.Server, found?.Info.Config);
        try
        {
            var made = await jetStream.CreateOrUpdateStreamAsync(wanted, cancellation);
            differences = stream.DifferencesFrom(made.Info.Config, broker.Server).ToArray();
        }
        catch (NatsJSApiException e) when (ApiErrors.IsMisfit(e.Error))
        {
            throw new TopologyMismatchException(stream.Name, [.. differences, $"the server says: {e.Error.Description}", .. Remedies(stream, e.Error)]);
        }

        if (differences.Length > 0)
        {
            throw new TopologyMismatchException(stream.Name, differences);
        }
    }

    /// <summary>What differs between the declaration and the server; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(StreamDeclaration stream, CancellationToken cancellation) =>
        await FindAsync(stream.Name, cancellation) is { } found
            ? [.. stream.DifferencesFrom(found.Info.Config, broker.Server)]
            : ["it does not exist"];

    /// <summary>Throws unless the stream answers and, in a cluster, has a leader.</summary>
    /// <exception cref="NatsJSException">It does not.</exception>
    public async Task AssertLeaderAsync(string stream, CancellationToken cancellation)
    {
        var found = await jetStream.GetStreamAsync(stream, cancellationToken: cancellation);
        if (found.Info.Cluster is { Leader: null or "" })
        {
            throw new NatsJSException($"Stream {stream} has no leader.");
        }
    }

    /// <summary>The stream that captures a subject; null when none does.</summary>
    public async Task<string?> CapturingAsync(string subject, CancellationToken cancellation)
    {
        await foreach (var name in jetStream.ListStreamNamesAsync(subject, cancellation))
        {
            return name;
        }

        return null;
    }

    // Servers from 2.11 on keep '$JS.>' and '$SYS.>' to themselves, and a leading wildcard may stand for these tokens.
    private static IEnumerable<string> Remedies(StreamDeclaration stream, ApiError refusal) => stream.Subjects
        .Where(subject => subject.StartsWith('*') && refusal.Description?.Contains("overlap", StringComparison.Ordinal) == true)
        .Select(subject => $"let a fixed token come first in '{subject}', for tenants by UseTenantSubjectMapper(new DefaultTenantSubjectMapper(\"tenants\"))");

    private async Task<INatsJSStream?> FindAsync(string stream, CancellationToken cancellation)
    {
        try
        {
            return await jetStream.GetStreamAsync(stream, cancellationToken: cancellation);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode == ApiErrors.StreamNotFound)
        {
            return null;
        }
    }
}
