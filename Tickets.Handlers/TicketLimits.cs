namespace Tickets.Handlers;

/// <summary>How long what a ticket and its comments hold may be, in characters of Unicode.</summary>
public static class TicketLimits
{
    /// <summary>Of a name: a title, and whoever creates, works on or says something.</summary>
    public const int LongestName = 200;

    /// <summary>Of a description or a comment.</summary>
    public const int LongestText = 20_000;

    /// <summary>How many tags a ticket has.</summary>
    public const int MostTags = 20;

    /// <summary>Of a tag.</summary>
    public const int LongestTag = 50;
}
