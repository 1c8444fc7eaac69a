using Tickets.Api.NatsApi;
using Tickets.Contracts;
using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>The subjects that a process uses by its role beside those that its endpoints name. docs/security-nats.md has the same for logins.</summary>
internal static class UsedSubjects
{
    // By which services are found and watched (ADR-32 of NATS).
    private const string Discovery = "$SRV.>";

    // Whoever asks names one.
    private const string AnyInbox = "_INBOX.>";

    // Events and dead letters are read with consumers of their own, and letters are put away.
    private static readonly string[] Reading =
    [
        $"$JS.API.CONSUMER.CREATE.{Subjects.EventStream}.*",
        $"$JS.API.CONSUMER.MSG.NEXT.{Subjects.EventStream}.*",
        $"$JS.API.CONSUMER.DELETE.{Subjects.EventStream}.*",
        $"$JS.API.STREAM.MSG.GET.{Subjects.EventStream}",
        $"$JS.API.CONSUMER.CREATE.{Subjects.DeadLetterStream}.>",
        $"$JS.API.CONSUMER.MSG.NEXT.{Subjects.DeadLetterStream}.*",
        $"$JS.API.CONSUMER.DELETE.{Subjects.DeadLetterStream}.*",
        $"$JS.API.STREAM.MSG.GET.{Subjects.DeadLetterStream}",
        $"$JS.API.STREAM.MSG.DELETE.{Subjects.DeadLetterStream}",
        $"$JS.API.STREAM.PURGE.{Subjects.DeadLetterStream}",
        Subjects.AllReplayNotes,
    ];

    public static NatsTransportExpression DeclareUsedSubjects(this NatsTransportExpression nats, ServiceOptions options)
    {
        // On PostgreSQL any process sends what another has left in the outbox.
        nats.AlsoPublishesTo([.. WireNames.Events.Values]);
        if (options.Does(ServiceRole.Worker))
        {
            nats.AlsoPublishesTo(Subjects.AllDeadLetters);
        }

        if (options.Does(ServiceRole.Api | ServiceRole.Commands))
        {
            nats.AlsoPublishesTo(AnyInbox);
        }

        return options.Does(ServiceRole.Api)
            ? nats.AlsoPublishesTo([.. WireNames.Verbs.Values.Select(verb => Subjects.Command("*", verb)), .. Reading])
                .AnswersRequestsOn([.. ApiEndpoints.All.Select(endpoint => endpoint.Subject), Discovery])
            : nats;
    }
}
