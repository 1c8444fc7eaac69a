using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>The streams, as every process declares them.</summary>
internal static class Streams
{
    /// <summary>How long an event stays in its stream.</summary>
    public const int DaysOfEvents = 7;

    private const int Megabyte = 1024 * 1024;

    // With a dead letter's headers, of which streams take 64 KB, a command's body must still fit into a message: servers take 1 MB
    // by default.
    private const int LargestCommand = Megabyte - (64 * 1024);

    // The stream goes on while one of them is away.
    private const int Copies = 3;

    public static NatsTransportExpression DefineStreams(this NatsTransportExpression nats, ServiceOptions options) => nats
        .UseJetStream(defaults =>
        {
            defaults.DuplicateWindow = TimeSpan.FromMinutes(10);
            defaults.AckWait = options.AckWait;
        })
        .DefineWorkQueueStream(Subjects.CommandStream, stream => stream.WithReplicasInCluster(Copies).MaxMessageSize = LargestCommand, Subjects.AllCommands)
        .DefineStream(Subjects.EventStream, stream =>
        {
            stream.WithSubjects([.. Subjects.AllEvents]).WithLimits(maxAge: TimeSpan.FromDays(DaysOfEvents)).WithReplicasInCluster(Copies);
            stream.DiscardPolicy = StreamConfigDiscard.Old;
            stream.MaxMessageSize = Megabyte;
        })
        .DefineStream(Subjects.DeadLetterStream, stream =>
        {
            stream.WithSubject(Subjects.AllDeadLetters).WithReplicasInCluster(Copies);
            stream.MaxMessageSize = 2 * Megabyte;
        });
}
