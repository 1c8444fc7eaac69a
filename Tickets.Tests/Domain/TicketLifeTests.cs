using CsCheck;
using Tickets.Contracts;
using Tickets.Handlers;

namespace Tickets.Tests.Domain;

public class TicketLifeTests
{
    private static readonly Gen<TicketStatus> Status = Gen.Enum<TicketStatus>();

    [Fact]
    public void who_is_done_can_only_be_closed_or_reopened()
    {
        TicketLife.AllowedFrom(TicketStatus.Resolved).ShouldBe([TicketStatus.Open, TicketStatus.Closed]);
        TicketLife.AllowedFrom(TicketStatus.Closed).ShouldBe([TicketStatus.Open]);
    }

    [Fact]
    public void who_is_not_done_can_go_anywhere() => Gen.OneOf(Gen.Const(TicketStatus.Open), Gen.Const(TicketStatus.InProgress), Gen.Const(TicketStatus.OnHold))
        .Select(Status).Sample((from, to) => TicketLife.CanChange(from, to));

    [Fact]
    public void after_any_walk_the_times_tell_where_the_ticket_stands() => Status.Array[0, 20].Sample(wishes =>
    {
        var ticket = A.Ticket;
        foreach (var (step, wish) in wishes.Index())
        {
            var before = ticket.Status;
            if (!TicketLife.CanChange(before, wish))
            {
                TicketLife.AllowedFrom(before).ShouldNotContain(wish);
                continue;
            }

            ticket = ticket.Enter(wish, A.Now.AddMinutes(step));
        }

        (ticket.ClosedAt is not null).ShouldBe(ticket.Status == TicketStatus.Closed);
        (ticket.ResolvedAt is not null && ticket.Status is not (TicketStatus.Resolved or TicketStatus.Closed)).ShouldBeFalse();
        if (ticket.Status == TicketStatus.Resolved)
        {
            ticket.ResolvedAt.ShouldNotBeNull();
        }
    });

    [Fact]
    public void every_ticket_can_always_be_closed_and_opened_again() => Status.Sample(status =>
        TicketLife.CanChange(status, TicketStatus.Closed) && TicketLife.CanChange(TicketStatus.Closed, TicketStatus.Open));
}
