using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Tickets.Contracts;

namespace Tickets.Api.NatsApi;

/// <summary>Reads the parameters of a list from a JSON object: those of the HTTP query, and arrays where one may be repeated.</summary>
internal static class BodyQuery
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 3 };

    /// <exception cref="RefusedException">The body is no such object.</exception>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static QueryCollection Read(byte[] body)
    {
        if (body.Length == 0)
        {
            return QueryCollection.Empty;
        }

        using var document = JsonDocument.Parse(body, Depth);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new RefusedException(ProblemCodes.ValidationFailed, "body", "must be a JSON object");
        }

        try
        {
            return new QueryCollection(ValuesOf(document.RootElement));
        }
        catch (InvalidOperationException)
        {
            // Escapes that make no character, such as half of a surrogate pair.
            throw new RefusedException(ProblemCodes.ValidationFailed, "body", "must be Unicode text");
        }
    }

    private static Dictionary<string, StringValues> ValuesOf(JsonElement query)
    {
        Dictionary<string, StringValues> values = [];
        foreach (var property in query.EnumerateObject())
        {
            StringValues given = property.Value.ValueKind == JsonValueKind.Array
                ? new StringValues([.. property.Value.EnumerateArray().Select(value => TextOf(property.Name, value))])
                : TextOf(property.Name, property.Value);
            if (!values.TryAdd(property.Name, given))
            {
                throw new RefusedException(ProblemCodes.ValidationFailed, property.Name, "must not be given twice");
            }
        }

        return values;
    }

    private static string TextOf(string name, JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        ? value.ToString()
        : throw new RefusedException(ProblemCodes.ValidationFailed, name, "must be a text or a number");
}
