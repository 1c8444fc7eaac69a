using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>What <c>./tickets compare</c> measures against.</summary>
public sealed class StockDesigns
{
    private const int Commands = 40;

    // A ticket leaves ticket.created and audit.recorded.
    private const int Messages = 2 * Commands;

    [Fact]
    public async Task each_command_has_a_transaction_and_each_message_a_delete_of_its_own()
    {
        (await CommitsAsync("true")).ShouldBeInRange(Commands + Messages, Commands + Messages + 10);
    }

    [Fact]
    public async Task gathered_deletes_are_fewer()
    {
        (await CommitsAsync("gathered")).ShouldBeInRange(Commands + 1, Commands + Messages - 1);
    }

    private static async Task<int> CommitsAsync(string design)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, [.. receiver.Settings, ("STOCK_DESIGN", design)]);

        var answers = await Task.WhenAll(Enumerable.Range(1, Commands).Select(number => service.CreateAsync("acme", $"Ticket {number}")));

        answers.ShouldAllBe(answer => (int)answer.StatusCode == 201);
        await service.StopAsync();
        return receiver.Spans.Count(span => span.Name == "commit");
    }
}
