using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Tickets.Contracts;

namespace Tickets.Api.Description;

/// <summary>The JSON Schemas of what is read and written, from the types themselves.</summary>
internal sealed class JsonSchemas(IOptions<JsonOptions> json)
{
    private JsonSerializerOptions Options => json.Value.SerializerOptions;

    public JsonNode Of(Type type)
    {
        if (type == typeof(object))
        {
            return new JsonObject();
        }

        var schema = Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });
        return WithoutReferences(schema, schema);
    }

    // What stands in a schema twice the exporter writes once and points to, from the schema's own root; it becomes a part of a larger document.
    private static JsonNode WithoutReferences(JsonNode node, JsonNode root) => node switch
    {
        JsonObject members when members["$ref"] is JsonValue pointer => WithoutReferences(Find(root, pointer.GetValue<string>()), root),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value is { } value ? WithoutReferences(value, root) : null))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : WithoutReferences(item, root))]),
        _ => node.DeepClone(),
    };

    private static JsonNode Find(JsonNode root, string pointer) => pointer.Split('/').Skip(1).Aggregate(root, (found, name) => found[name]!);

    // A member of a merge patch is what it holds, or null.
    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = context.TypeInfo.Type;
        if (context.PropertyInfo?.CustomConverter is not null && type == typeof(DateTimeOffset?))
        {
            return Of(type);
        }

        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Optional<>))
        {
            return WithoutRequiredNulls(schema, [.. WrittenNulls.Of(context.TypeInfo)]);
        }

        var held = Of(type.GetGenericArguments()[0]);
        return held is JsonObject known && known["type"] is { } names
            ? new JsonObject(known.Where(member => member.Key != "type").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))
            {
                ["type"] = new JsonArray([.. NamesOf(names).Append("null").Distinct().Select(name => (JsonNode)name)]),
            }
            : held;
    }

    private static JsonNode WithoutRequiredNulls(JsonNode schema, string[] written)
    {
        if (schema is JsonObject && schema["required"] is JsonArray required && schema["properties"] is JsonObject properties)
        {
            schema["required"] = new JsonArray([.. required
                .Select(name => name!.GetValue<string>())
                .Where(name => written.Contains(name) || (properties[name] as JsonObject)?["type"] is not JsonArray types || types.All(type => type!.GetValue<string>() != "null"))
                .Select(name => (JsonNode)name)]);
        }

        return schema;
    }

    private static IEnumerable<string> NamesOf(JsonNode names) =>
        names is JsonArray several ? several.Select(name => name!.GetValue<string>()) : [names.GetValue<string>()];
}
