using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Tickets.Contracts;

namespace Tickets.Api.Description;

/// <summary>Serves the OpenAPI document and a page that shows it.</summary>
internal static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(openApi =>
    {
        openApi.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        openApi.AddOperationTransformer<OperationDescriber>();
        openApi.AddSchemaTransformer(DescribeOptionalAsync);
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Tickets",
                Version = "v1",
                Description = "A multi-tenant ticket service on NATS. JSON is snake_case, times are RFC 3339 UTC, ids are UUIDs of version 7. Errors are problems (RFC 9457) with a stable code.",
            };
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", scalar => scalar.WithTitle("Tickets"));
    }

    // A member of a merge patch is what it holds, or null.
    private static async Task DescribeOptionalAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>))
        {
            var held = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, cancellation);
            schema.Type = held.Type | JsonSchemaType.Null;
            schema.Format = held.Format;
            schema.Enum = held.Enum;
            schema.Items = held.Items;
        }
    }
}
