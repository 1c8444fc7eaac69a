using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>The streams, as every process declares them.</summary>
internal static class Streams
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(10);

    public static NatsTransportExpression DefineStreams(this NatsTransportExpression nats) => nats
        .DefineStream(new StreamConfiguration
        {
            Name = Subjects.CommandStream,
            Subjects = [Subjects.AllCommands],
            Retention = StreamConfigRetention.Workqueue,
            MaxMessageSize = Megabyte,
            DuplicateWindow = DuplicateWindow,
        })
        .DefineStream(new StreamConfiguration
        {
            Name = Subjects.EventStream,
            Subjects = Subjects.AllEvents,
            Discard = StreamConfigDiscard.Old,
            MaxAge = TimeSpan.FromDays(7),
            MaxMessageSize = Megabyte,
            DuplicateWindow = DuplicateWindow,
        })
        .DefineStream(new StreamConfiguration
        {
            Name = Subjects.DeadLetterStream,
            Subjects = [Subjects.AllDeadLetters],
            MaxMessageSize = 2 * Megabyte,
            DuplicateWindow = DuplicateWindow,
        });
}
