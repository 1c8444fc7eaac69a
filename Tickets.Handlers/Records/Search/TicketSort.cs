namespace Tickets.Handlers.Records.Search;

/// <summary>By what tickets are sorted. What is equal is sorted by age.</summary>
public enum TicketSort
{
    /// <summary>When it was created.</summary>
    CreatedAt,

    /// <summary>When it last changed.</summary>
    UpdatedAt,

    /// <summary>From low to critical.</summary>
    Priority,

    /// <summary>Its number.</summary>
    Number,

    /// <summary>When it is due; what is never due comes after everything.</summary>
    DueAt,
}
