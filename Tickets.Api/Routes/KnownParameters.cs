using Microsoft.OpenApi;
using Tickets.Api.Description;

namespace Tickets.Api.Routes;

/// <summary>Refuses parameters that a route does not describe: who has misspelt a filter must not take everything for what it finds.</summary>
internal static class KnownParameters
{
    public static void UseKnownParameters(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Query is { Count: > 0 } query && context.GetEndpoint()?.Metadata is { } route && route.GetMetadata<DescribedProblem>() is not null)
        {
            QueryValues.Expect(query, [.. KnownTo(route)]);
        }

        return next(context);
    });

    private static IEnumerable<string> KnownTo(EndpointMetadataCollection route) =>
        route.GetOrderedMetadata<DescribedParameter>().Where(parameter => parameter.In == ParameterLocation.Query).Select(parameter => parameter.Name);
}
