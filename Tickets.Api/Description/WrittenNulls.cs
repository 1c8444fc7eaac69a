using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tickets.Api.Description;

/// <summary>What is null is left out on the wire, unless its property says otherwise.</summary>
internal static class WrittenNulls
{
    /// <summary>The JSON names of the members that are there also when they are null.</summary>
    public static IEnumerable<string> Of(JsonTypeInfo type) => type.Properties
        .Where(member => member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Never }])
        .Select(member => member.Name);
}
