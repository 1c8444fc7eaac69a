using System.Globalization;
using Microsoft.Net.Http.Headers;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>A ticket's version as its entity tag, and conditions on it (RFC 9110, 13).</summary>
internal static class EntityTag
{
    private const string IfMatch = "If-Match";

    public static string Of(Ticket ticket) => Of(ticket.Version);

    public static string Of(int version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The version that <c>If-Match</c> asks for; null when any will do.</summary>
    /// <exception cref="InvalidHeaderException">It is no entity tag of this service.</exception>
    public static int? Wanted(HttpRequest request)
    {
        var values = request.Headers.IfMatch;
        if (values.Count == 0 || values is ["*"])
        {
            return null;
        }

        return values is [{ } value] && EntityTagHeaderValue.TryParse(value, out var tag) && !tag.IsWeak
            && int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw new InvalidHeaderException(IfMatch, "validation_failed", "must be one ETag that this service gave, such as \"3\", or *");
    }

    /// <summary>Whether the client has this ticket already, by <c>If-None-Match</c>.</summary>
    public static bool IsKnown(HttpRequest request, Ticket ticket) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(new EntityTagHeaderValue(Of(ticket)), useStrongComparison: false));
}
