using System.Text;
using Tickets.Api.Composition;
using Tickets.Contracts;
using Tickets.Contracts.Events;
using Tickets.Handlers.Units;
using Tickets.Tests.Records;
using Wolverine.Util;

namespace Tickets.Tests.Service;

/// <summary>How the outbox keeps the messages of a change.</summary>
public sealed class BundleFormatTests
{
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    [Fact]
    public void what_was_written_is_read()
    {
        var ticket = TicketsFixture.New("Two\nlines \u2028 and ticket.created ü");
        var deleted = new TicketDeleted(ticket, "ada");
        var serializer = new WireSerializer();

        var parts = BundleFormat.Read(serializer.WriteMessage(new EventBundle([(First, new TicketCreated(ticket, "ada")), (Second, deleted)])));

        parts.Select(part => part.Id).ShouldBe([First, Second]);
        parts.Select(part => part.MessageType).ShouldBe([typeof(TicketCreated).ToMessageTypeName(), typeof(TicketDeleted).ToMessageTypeName()]);
        Encoding.UTF8.GetString(parts[1].Body.Span).ShouldBe(Encoding.UTF8.GetString(serializer.WriteMessage(deleted)));
    }

    [Fact]
    public void every_event_can_be_in_a_bundle()
    {
        foreach (var (type, name) in WireNames.Events)
        {
            BundleFormat.Read(Encoding.UTF8.GetBytes($"{name} {First}\n{{}}\n")).ShouldHaveSingleItem().MessageType.ShouldBe(type.ToMessageTypeName());
        }
    }

    [Theory]
    [InlineData("ticket.created")]
    [InlineData("ticket.created 01a2141f-97eb-72d0-b398-8c8bdf98542d")]
    [InlineData("ticket.created 01a2141f-97eb-72d0-b398-8c8bdf98542d\n{}")]
    [InlineData("ticket.created 01a2141f-97eb-72d0-b398-8c8bdf98542d more\n{}\n")]
    [InlineData("ticket.created 01a2141f\n{}\n")]
    [InlineData("ticket.split 01a2141f-97eb-72d0-b398-8c8bdf98542d\n{}\n")]
    [InlineData("ünknown.message.with.a.name.that.is.longer.than.any 01a2141f-97eb-72d0-b398-8c8bdf98542d\n{}\n")]
    [InlineData("\n\n")]
    public void what_is_no_bundle_is_refused(string text) => Should.Throw<FormatException>(() => BundleFormat.Read(Encoding.UTF8.GetBytes(text)));
}
