using Tickets.Contracts;

namespace Tickets.Handlers.Records.Search;

/// <summary>Which tickets of a tenant are asked for. All that is set must hold.</summary>
public sealed record TicketSearch
{
    /// <summary>How many tags can be asked for: no ticket has more.</summary>
    public const int MostTags = TicketLimits.MostTags;

    /// <summary>Where it stands.</summary>
    public TicketStatus? Status { get; init; }

    /// <summary>How urgent it is.</summary>
    public TicketPriority? Priority { get; init; }

    /// <summary>Who works on it.</summary>
    public string? Assignee { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The tags that it must all have, up to <see cref="MostTags"/>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Created later than this.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Created earlier than this.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Last changed later than this.</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>Last changed earlier than this.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    /// <summary>Words that title and description together must all hold; null for any text.</summary>
    public TicketWords? Words { get; init; }

    /// <summary>The order. Default: the newest first.</summary>
    public TicketOrder Order { get; init; } = TicketOrder.Default;

    /// <summary>Where the page before ended; null for the first page. Of the same order.</summary>
    public TicketPosition? After { get; init; }

    /// <summary>How many tickets at most. Default 50.</summary>
    public int Limit { get; init; } = 50;
}
