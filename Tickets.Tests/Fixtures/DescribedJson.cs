using System.Text.Json;

namespace Tickets.Tests.Fixtures;

/// <summary>Compares JSON with a schema of the OpenAPI document, as far as such schemas go there.</summary>
public static class DescribedJson
{
    /// <summary>What is not as it is described, by its place.</summary>
    public static IEnumerable<string> FaultsOf(this JsonElement document, JsonElement schema, JsonElement value, string place = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return document.FaultsOf(document.Resolve(reference.GetString()!), value, place);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Any(choice => !document.FaultsOf(choice, value, place).Any()) ? [] : [$"{place} is none of its choices"];
        }

        if (schema.TryGetProperty("type", out var types) && !NamesOf(types).Contains(TypeOf(value)))
        {
            return [$"{place} is of type {TypeOf(value)}"];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => document.FaultsOfMembers(schema, value, place),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) =>
                value.EnumerateArray().SelectMany((item, i) => document.FaultsOf(items, item, $"{place}[{i}]")),
            _ when schema.TryGetProperty("enum", out var names) && !names.EnumerateArray().Any(name => JsonElement.DeepEquals(name, value)) => [$"{place} is {value}"],
            _ => [],
        };
    }

    /// <summary>What a pointer into the document leads to.</summary>
    public static JsonElement Resolve(this JsonElement document, string pointer) =>
        pointer[2..].Split('/').Aggregate(document, (found, name) => found.GetProperty(name));

    private static IEnumerable<string> FaultsOfMembers(this JsonElement document, JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{place}.{name} is missing";
            }
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var member in value.EnumerateObject())
            {
                var faults = properties.TryGetProperty(member.Name, out var described)
                    ? document.FaultsOf(described, member.Value, $"{place}.{member.Name}")
                    : [$"{place}.{member.Name} is not described"];
                foreach (var fault in faults)
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<string?> NamesOf(JsonElement types) =>
        types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(type => type.GetString()) : [types.GetString()];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => $"{kind}".ToLowerInvariant(),
    };
}
