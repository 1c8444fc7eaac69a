using Tickets.Contracts;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Storage;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime;
using Wolverine.Util;

namespace Tickets.Api.Composition;

/// <summary>Events from the outbox to their stream, and notifications from there to those who deliver them.</summary>
internal static class EventRouting
{
    // Notifications that wait for their next try must not keep others from their first.
    private const int MostWaiting = 20_000;

    /// <summary>How events are written and read.</summary>
    public static CloudEventsMapper EventMapper(ServiceOptions options)
    {
        var mapper = new CloudEventsMapper($"/{options.ServiceName}");
        foreach (var (type, name) in WireNames.Events)
        {
            mapper.Map(type, name);
        }

        return mapper;
    }

    public static void AddEvents(this WolverineOptions wolverine, ServiceOptions options)
    {
        var names = WireNames.Events.ToDictionary(x => x.Key.ToMessageTypeName(), x => x.Value);
        var bundle = typeof(EventBundle).ToMessageTypeName();
        var mapper = EventMapper(options);
        wolverine.Publish(publish =>
        {
            foreach (var type in WireNames.Events.Keys)
            {
                publish.Message(type);
            }

            publish.Message<EventBundle>();
            var events = publish.ToNatsSubject("ticket.events")
                .UseJetStream(Subjects.EventStream)
                .Unpack(envelope => envelope.MessageType == bundle ? BundleFormat.Read(envelope.Data) : null)
                .ToSubject(envelope => names[envelope.MessageType!])
                .UseInterop(mapper)
                .UseDurableOutbox();
            if (options.StockDesign is not StockDesign.Off)
            {
                events.SendOneByOne();
            }
            else
            {
                events.WhenConfirmed(DeleteAsync);
            }
        });
        if (options.Does(ServiceRole.Notifications))
        {
            // What is given up stays pending, so that a replay of its letter delivers it (ADR 13).
            wolverine.ListenToNatsSubject(WireNames.Events[typeof(NotificationRequested)])
                .UseJetStream(Subjects.EventStream, Consumers.Notifications, consumer =>
                {
                    consumer.MaxAckPending = MostWaiting;
                    consumer.MaxInFlight = Messaging.MostInFlight;
                })
                .DeadLetterTo(Subjects.DeadLetter)
                .UseInterop(mapper)
                .MaximumParallelMessages(Messaging.Parallelism);
        }
    }

    private static Task DeleteAsync(IReadOnlyList<Envelope> confirmed, IWolverineRuntime runtime)
    {
        runtime.Services.GetRequiredService<ConfirmedMessages>().Delete(confirmed.Select(envelope => envelope.Id));
        return Task.CompletedTask;
    }
}
