using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Tickets.Api.Access;
using Tickets.Contracts;

namespace Tickets.Api.Description;

/// <summary>Serves the OpenAPI document, a page that shows it, and the AsyncAPI document.</summary>
internal static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddSingleton<JsonSchemas>().AddOpenApi(openApi =>
    {
        openApi.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        openApi.AddOperationTransformer<OperationDescriber>();
        openApi.AddSchemaTransformer(DescribeNullsAsync);
        openApi.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Tickets",
                Version = "v1",
                Description = "A multi-tenant ticket service on NATS. JSON is snake_case, times are RFC 3339 UTC, ids are UUIDs of version 7. Errors are problems (RFC 9457) with a stable code.",
            };
            RequestBodies.Describe(document);
            if (context.ApplicationServices.GetRequiredService<AccessOptions>().IsRequired)
            {
                DescribeCredentials(document);
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi().Needs(Scopes.None);
        app.MapGet("/asyncapi.json", (JsonSchemas schemas) => new AsyncApi(schemas).Describe()).ExcludeFromDescription().Needs(Scopes.None);
        app.MapScalarApiReference("/docs", scalar => scalar.WithTitle("Tickets")).Needs(Scopes.None);
    }

    private static void DescribeCredentials(OpenApiDocument document)
    {
        const string Name = "bearer";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Name] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Name, Description = "A JSON Web Token, or an API key." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Name, document)] = [] }];
    }

    // A member of a merge patch is what it holds, or null.
    private static async Task DescribeNullsAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
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
        else if (context.JsonPropertyInfo?.CustomConverter is not null && type == typeof(DateTimeOffset?))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
        }

        schema.Required?.ExceptWith(
            context.JsonTypeInfo.Properties.Where(member => member.IsGetNullable).Select(member => member.Name).Except(WrittenNulls.Of(context.JsonTypeInfo)));
    }
}
