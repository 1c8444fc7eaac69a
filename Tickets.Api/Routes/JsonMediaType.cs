using System.Net.Mime;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Tickets.Api.Routes;

/// <summary>What a body must be, by its headers.</summary>
internal static class JsonMediaType
{
    /// <summary>Whether a <c>Content-Encoding</c> says that there is none.</summary>
    public static bool IsPlain(StringValues coding) =>
        coding.Count == 0 || (coding is [{ } only] && only.Equals("identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a <c>Content-Type</c> is JSON in UTF-8.</summary>
    // By the text first: nearly every client sends one of the two.
    public static bool IsJson(string? mediaType) =>
        mediaType is MediaTypeNames.Application.Json or "application/json; charset=utf-8"
        || (MediaTypeHeaderValue.TryParse(mediaType, out var parsed)
            && (parsed.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) || parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
}
