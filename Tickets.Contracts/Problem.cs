namespace Tickets.Contracts;

/// <summary>Why something was refused (RFC 9457), the same over HTTP and NATS.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Code">The stable name of the reason, such as <c>version_conflict</c>.</param>
/// <param name="Title">The status code in words.</param>
/// <param name="Detail">What was wrong and what to do.</param>
public sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>What is wrong with which field, when fields are the reason.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The statuses that the ticket can change to, when its status is the reason.</summary>
    public IReadOnlyList<TicketStatus>? Allowed { get; init; }

    /// <summary>The ticket's version, when the version is the reason.</summary>
    public int? Version { get; init; }

    /// <summary>How many bytes a body may have, when its size is the reason and the limit is the service's own.</summary>
    public int? Limit { get; init; }

    /// <summary>How many bytes the body has, when its size is the reason and is known.</summary>
    public long? Size { get; init; }

    /// <summary>The W3C trace id of the request, when there is one.</summary>
    public string? TraceId { get; init; }
}
