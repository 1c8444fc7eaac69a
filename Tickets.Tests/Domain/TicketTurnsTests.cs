using Tickets.Handlers;

namespace Tickets.Tests.Domain;

public sealed class TicketTurnsTests
{
    private const string Tenant = "acme";
    private static readonly Guid Ticket = Guid.NewGuid();

    [Fact]
    public async Task whoever_has_a_turn_keeps_no_other_ticket_waiting()
    {
        var turns = new TicketTurns();
        using var held = await turns.TakeAsync(Tenant, Ticket, TestContext.Current.CancellationToken);

        var others = Enumerable.Range(0, 5_000).Select(i => turns.TakeAsync($"t{i}", Ticket, TestContext.Current.CancellationToken)).ToArray();

        others.ShouldAllBe(turn => turn.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task those_of_one_ticket_come_one_after_another()
    {
        var turns = new TicketTurns();
        var first = await TakeAsync(turns);
        var second = TakeAsync(turns);
        var third = TakeAsync(turns);
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();
        first.Dispose();
        (await second).Dispose();

        (await third).Dispose();
        TakeAsync(turns).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task who_waits_no_longer_is_in_nobodys_way()
    {
        var turns = new TicketTurns();
        using var gone = new CancellationTokenSource();
        var first = await TakeAsync(turns);
        var second = turns.TakeAsync(Tenant, Ticket, gone.Token).AsTask();
        var third = TakeAsync(turns);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => second);
        third.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await third).Dispose();
    }

    private static Task<TicketTurns.Turn> TakeAsync(TicketTurns turns) => turns.TakeAsync(Tenant, Ticket, TestContext.Current.CancellationToken).AsTask();
}
