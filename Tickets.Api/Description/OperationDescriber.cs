using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Tickets.Api.Composition;
using Tickets.Contracts;

namespace Tickets.Api.Description;

/// <summary>Adds to each operation what its route was given by <see cref="DescribedRoutes"/>.</summary>
internal sealed class OperationDescriber(ServiceOptions options, IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    private const string ProblemJson = "application/problem+json";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        operation.Responses ??= [];
        operation.Parameters.Add(ParameterOf(new DescribedParameter(ParameterLocation.Header, options.TenantHeader, $"The tenant: {TenantName.Rule}.", "acme", Required: !options.Access.IsRequired)));
        operation.Parameters.Add(ParameterOf(DescribedParameter.Header(CommandHeaders.CorrelationId, "Ties the request to all that follows from it; it is returned.", "order-4711")));
        foreach (var parameter in metadata.OfType<DescribedParameter>())
        {
            operation.Parameters.Add(ParameterOf(parameter));
        }

        foreach (var example in metadata.OfType<DescribedExample>())
        {
            AddExample(operation, example);
        }

        var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        schema.Properties!.Add("type", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri", Description = "The section on the status code in RFC 9110." });
        foreach (var problem in metadata.OfType<DescribedProblem>())
        {
            operation.Responses[problem.Status.ToString(CultureInfo.InvariantCulture)] = ResponseOf(problem, schema);
        }

        foreach (var header in metadata.OfType<DescribedHeader>())
        {
            AddHeader(operation.Responses, header);
        }
    }

    private static void AddHeader(OpenApiResponses responses, DescribedHeader header)
    {
        foreach (var status in header.Statuses)
        {
            if (responses.TryGetValue(status.ToString(CultureInfo.InvariantCulture), out var found) && found is OpenApiResponse response)
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                response.Headers[header.Name] = HeaderOf(header);
            }
        }
    }

    private static OpenApiHeader HeaderOf(DescribedHeader header) => new()
    {
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = header.Example,
    };

    private static OpenApiParameter ParameterOf(DescribedParameter parameter) => new()
    {
        In = parameter.In,
        Name = parameter.Name,
        Description = parameter.Description,
        Required = parameter.Required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = parameter.Example,
    };

    private void AddExample(OpenApiOperation operation, DescribedExample example)
    {
        if (operation.Responses!.TryGetValue(example.Status.ToString(CultureInfo.InvariantCulture), out var response)
            && response.Content is { } content)
        {
            foreach (var media in content.Values)
            {
                media.Example = JsonSerializer.SerializeToNode(example.Value, json.Value.SerializerOptions);
            }
        }
    }

    private static OpenApiResponse ResponseOf(DescribedProblem problem, IOpenApiSchema schema) => new()
    {
        Description = problem.Description,
        Content = new Dictionary<string, OpenApiMediaType> { [ProblemJson] = new OpenApiMediaType { Schema = schema, Example = problem.Example() } },
        Headers = problem.MayPass ? new Dictionary<string, IOpenApiHeader> { [DescribedHeader.RetryAfter.Name] = HeaderOf(DescribedHeader.RetryAfter) } : null,
    };
}
