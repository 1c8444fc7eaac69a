using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Tickets.Api.Routes;

/// <summary>
/// What caches may do with an answer of the API (RFC 9111). It is for one caller and one tenant, which headers name: a cache between
/// them must keep none, and a client's own asks again, where it has an ETag to ask with.
/// </summary>
internal static class Caching
{
    private const string WithTag = "private, no-cache";
    private const string WithoutTag = "private, no-store";

    public static void UseCaching(this IApplicationBuilder app, string tenantHeader)
    {
        var selecting = $"{HeaderNames.Authorization}, {tenantHeader}";
        Func<object, Task> mark = response => Mark(((HttpResponse)response).Headers, selecting);
        app.Use((context, next) =>
        {
            if (HttpApi.Has(context.Request.Path))
            {
                context.Response.OnStarting(mark, context.Response);
            }

            return next(context);
        });
    }

    // When it starts: faults clear what was set before, and some answers say more by themselves.
    private static Task Mark(IHeaderDictionary headers, string selecting)
    {
        headers.Vary = StringValues.Concat(headers.Vary, selecting);
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = headers.ETag.Count > 0 ? WithTag : WithoutTag;
        }

        return Task.CompletedTask;
    }
}
