using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Diagnostics;

public sealed class Traces(ITestOutputHelper output)
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ClientSpan = "b7ad6b7169203331";
    private const string Delivered = "Tickets.Contracts.Notifications.NotificationRequested";

    [Fact]
    public async Task one_trace_leads_from_a_foreign_clients_publish_to_the_delivered_notification()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, receiver.Settings);
        await using var connection = nats.Connect();

        await new NatsJSContext(connection).PublishAsync(
            "ticket.commands.acme.create",
            Encoding.UTF8.GetBytes("""{"title": "critical", "created_by": "bob"}"""),
            headers: new NatsHeaders { ["traceparent"] = $"00-{TraceId}-{ClientSpan}-01" });

        await nats.EventsAsync("acme", "notification.delivered");
        await service.StopAsync();
        var trace = receiver.Spans.Where(span => span.TraceId == TraceId).OrderBy(span => span.Start).ToArray();
        Print(trace, ClientSpan, 0);
        var known = trace.Select(span => span.Id).Append(ClientSpan).ToHashSet();
        trace.Where(span => !known.Contains(span.ParentId)).ShouldBeEmpty("each span hangs on another one, or on the client's");
        trace.Select(span => span.Name).ShouldContain("Tickets.Contracts.Commands.CreateTicket");
        trace.Select(span => span.Name).ShouldContain(Delivered);
        trace.Select(span => span.Name).ShouldContain("send");
        trace.Select(span => span.Name).ShouldContain("store");
    }

    [Fact]
    public async Task metrics_go_the_same_way()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, receiver.Settings);

        await Eventually.Async(
            () => receiver.Metrics.Any(request => request.AsSpan().IndexOf("tickets.outbox.age"u8) >= 0), TimeSpan.FromSeconds(20), "the outbox's age is sent");
    }

    private void Print(ReceivedSpan[] trace, string parent, int depth)
    {
        foreach (var span in trace.Where(span => span.ParentId == parent))
        {
            output.WriteLine($"{new string(' ', depth * 2)}{span.Name}");
            Print(trace, span.Id, depth + 1);
        }
    }
}
