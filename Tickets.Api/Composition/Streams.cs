using NATS.Client.JetStream.Models;
using Tickets.Contracts;
using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>The streams, as every process declares them.</summary>
internal static class Streams
{
    private const int Megabyte = 1024 * 1024;

    public static NatsTransportExpression DefineStreams(this NatsTransportExpression nats) => nats
        .UseJetStream(defaults => defaults.DuplicateWindow = TimeSpan.FromMinutes(10))
        .DefineWorkQueueStream(Subjects.CommandStream, stream => stream.MaxMessageSize = Megabyte, Subjects.AllCommands)
        .DefineStream(Subjects.EventStream, stream =>
        {
            stream.WithSubjects([.. Subjects.AllEvents]).WithLimits(maxAge: TimeSpan.FromDays(7));
            stream.DiscardPolicy = StreamConfigDiscard.Old;
            stream.MaxMessageSize = Megabyte;
        })
        .DefineStream(Subjects.DeadLetterStream, stream =>
        {
            stream.WithSubject(Subjects.AllDeadLetters);
            stream.MaxMessageSize = 2 * Megabyte;
        });
}
