using Tickets.Api.Routes;

namespace Tickets.Api.Description;

/// <summary>A header of a route's answers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
/// <param name="Example">A value.</param>
/// <param name="Statuses">Which answers have it, of those that the route gives.</param>
internal sealed record DescribedHeader(string Name, string Description, string Example, params int[] Statuses)
{
    /// <summary>When to try again; of problems that pass.</summary>
    public static readonly DescribedHeader RetryAfter = new("Retry-After", "In how many seconds to try again.", "2");

    /// <summary>The answer to a write is that of an earlier one.</summary>
    public static readonly DescribedHeader Replayed = new(
        "Idempotency-Replayed", "`true` when an earlier request with this Idempotency-Key got this answer first.", "true",
        StatusCodes.Status200OK, StatusCodes.Status201Created, StatusCodes.Status204NoContent);

    /// <summary>More follows on a page.</summary>
    public static readonly DescribedHeader Link = new("Link", "The next page, with `rel=\"next\"`, while there is one.", "</api/v1/tickets?cursor=AaIJ…>; rel=\"next\"", StatusCodes.Status200OK);

    /// <summary>Where what became of a command is told.</summary>
    public static readonly DescribedHeader Operation = LocationOf(OperationRoutes.PathOf(Examples.Audit.CommandId), StatusCodes.Status202Accepted, StatusCodes.Status504GatewayTimeout);

    public static DescribedHeader ETag(params int[] statuses) => new("ETag", "The ticket's version.", "\"2\"", statuses);

    public static DescribedHeader LocationOf(string example, params int[] statuses) => new("Location", "Where it is, or what becomes of it.", example, statuses);
}
