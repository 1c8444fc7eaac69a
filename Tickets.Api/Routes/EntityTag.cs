using System.Globalization;
using Microsoft.Net.Http.Headers;
using Tickets.Contracts;
using Tickets.Contracts.Commands;

namespace Tickets.Api.Routes;

/// <summary>A ticket's version as its entity tag, and conditions on it (RFC 9110, 13).</summary>
internal static class EntityTag
{
    private const string IfMatch = "If-Match";

    public static string Of(Ticket ticket) => Of(ticket.Version);

    public static string Of(int version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The version that <c>If-Match</c> asks for; null when any will do, <see cref="ITicketCommand.NoVersion"/> when none will.</summary>
    /// <exception cref="InvalidHeaderException">It is malformed, or names several versions.</exception>
    public static int? Wanted(HttpRequest request)
    {
        var values = request.Headers.IfMatch;
        if (values.Count == 0 || values is ["*"])
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(values, out var tags) || tags.Count == 0 || tags.Contains(EntityTagHeaderValue.Any))
        {
            throw new InvalidHeaderException(IfMatch, ProblemCodes.ValidationFailed, "must be an ETag that this service gave, such as \"3\", or *");
        }

        // A command names one version. To choose among several by what the ticket has now would make a repeat another command.
        return tags.Select(VersionOf).OfType<int>().Distinct().ToArray() switch
        {
            [] => ITicketCommand.NoVersion,
            [var version] => version,
            _ => throw new InvalidHeaderException(IfMatch, ProblemCodes.ValidationFailed, "must not name more than one version; send the ETag of the one that was read"),
        };
    }

    /// <summary>Whether the client has this ticket already, by <c>If-None-Match</c>.</summary>
    public static bool IsKnown(HttpRequest request, Ticket ticket) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(new EntityTagHeaderValue(Of(ticket)), useStrongComparison: false));

    // Compared strongly, a weak tag equals none; and a foreign one is none of a ticket's.
    private static int? VersionOf(EntityTagHeaderValue tag) => !tag.IsWeak
        && int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 && tag.Tag == Of(version)
            ? version
            : null;
}
