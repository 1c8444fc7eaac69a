using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Tickets.Handlers.Retention;

namespace Tickets.Api.Commands;

/// <summary>Asks the server for the first message of the command stream, which has only what is not acknowledged.</summary>
/// <param name="jetStream">Where the stream is, once there is a connection.</param>
internal sealed class CommandBacklog(Func<INatsJSContext> jetStream) : ICommandBacklog
{
    // A stream without a leader answers nothing at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation)
    {
        // A request would wait for all of its patience.
        if (jetStream().Connection.ConnectionState == NatsConnectionState.Reconnecting)
        {
            throw new BacklogUnknownException($"{Subjects.CommandStream} can't be asked: NATS is out of reach");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return OldestOf((await jetStream().GetStreamAsync(Subjects.CommandStream, cancellationToken: limit.Token)).Info);
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new BacklogUnknownException($"{Subjects.CommandStream} can't be asked: {e.Message}", e);
        }
    }

    // Each node answers for its own copy when nobody leads.
    private static DateTimeOffset? OldestOf(StreamInfo info) =>
        info.Cluster is { Name.Length: > 0, Leader: null or "" } ? throw new BacklogUnknownException($"{Subjects.CommandStream} has no leader")
        : info.State.Messages == 0 ? null
        : DateTimeOffset.TryParse(info.State.FirstTs, CultureInfo.InvariantCulture, out var oldest) ? oldest
        : throw new BacklogUnknownException($"{Subjects.CommandStream} does not tell when its first message was stored");
}
