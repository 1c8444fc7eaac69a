namespace Tickets.Contracts.Commands;

/// <summary>A command to a ticket that is there.</summary>
public interface ITicketCommand
{
    /// <summary>A version that no ticket ever has: the condition of a caller that knows none of the ticket's.</summary>
    const int NoVersion = int.MaxValue;

    /// <summary>Which ticket. Over HTTP the address tells it; on NATS it is required in the body.</summary>
    Guid? TicketId { get; }

    /// <summary>The version that the ticket must have; null takes any. Over HTTP <c>If-Match</c> tells it.</summary>
    int? IfVersion { get; }
}
