using System.Net.Mime;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Tickets.Api.Routes;

/// <summary>What a body must be, by its headers.</summary>
internal static class JsonMediaType
{
    private const string MergePatch = "application/merge-patch+json";

    /// <summary>What a PATCH takes (RFC 5789, 3.1).</summary>
    public const string Patches = $"{MergePatch}, {MediaTypeNames.Application.Json}";

    /// <summary>Whether a <c>Content-Encoding</c> says that there is none.</summary>
    public static bool IsPlain(StringValues coding) =>
        coding.Count == 0 || (coding is [{ } only] && only.Equals("identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a request's <c>Content-Type</c> is one that its method takes, in UTF-8. Others that end in +json mean something else.</summary>
    // By the text first: nearly every client sends one of the two.
    public static bool IsTaken(HttpRequest request) =>
        request.ContentType is MediaTypeNames.Application.Json or "application/json; charset=utf-8"
        || (MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed)
            && (Is(parsed, MediaTypeNames.Application.Json) || (HttpMethods.IsPatch(request.Method) && Is(parsed, MergePatch)))
            && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    private static bool Is(MediaTypeHeaderValue parsed, string type) => parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
