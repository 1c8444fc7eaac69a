using Microsoft.OpenApi;

namespace Tickets.Api.Description;

/// <summary>A header or query parameter of a route that its handler does not name itself.</summary>
/// <param name="In">Where it stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
/// <param name="Example">A value.</param>
/// <param name="Required">Whether it must be there.</param>
internal sealed record DescribedParameter(ParameterLocation In, string Name, string Description, string Example, bool Required = false)
{
    public static DescribedParameter Header(string name, string description, string example) =>
        new(ParameterLocation.Header, name, description, example);

    public static DescribedParameter Query(string name, string description, string example) =>
        new(ParameterLocation.Query, name, description, example);
}
