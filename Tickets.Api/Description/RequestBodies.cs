using Microsoft.OpenApi;
using Tickets.Contracts.Commands;
using Tickets.Handlers;

namespace Tickets.Api.Description;

/// <summary>
/// What the bodies of requests must hold. Their types are those of commands on NATS, which name the ticket themselves, and take everything, so
/// that the validators can tell what is missing.
/// </summary>
internal static class RequestBodies
{
    // By the names of the JSON, as the validators have them. Those that may not be null are names and a comment.
    private static readonly Dictionary<string, Func<OpenApiSchema>> Members = new()
    {
        ["title"] = () => Text(TicketLimits.LongestName, least: 1),
        ["created_by"] = () => Text(TicketLimits.LongestName, least: 1),
        ["author"] = () => Text(TicketLimits.LongestName, least: 1),
        ["body"] = () => Text(TicketLimits.LongestText, least: 1),
        ["assignee"] = () => OrNull(Text(TicketLimits.LongestName, least: 1)),
        ["description"] = () => OrNull(Text(TicketLimits.LongestText)),
        ["tags"] = () => OrNull(new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            MaxItems = TicketLimits.MostTags,
            Items = Text(TicketLimits.LongestTag, least: 1),
        }),
    };

    public static void Describe(OpenApiDocument document)
    {
        Describe(document, nameof(CreateTicket), "title", "created_by");
        Describe(document, nameof(UpdateTicket));
        Describe(document, nameof(CommentOnTicket), "author", "body");
    }

    private static void Describe(OpenApiDocument document, string type, params string[] required)
    {
        var body = (OpenApiSchema)document.Components!.Schemas![type];
        body.Required = required.ToHashSet();
        body.Properties!.Remove("ticket_id");
        body.Properties.Remove("if_version");
        foreach (var (name, describe) in Members.Where(member => body.Properties.ContainsKey(member.Key)))
        {
            var member = describe();
            member.Description = body.Properties[name].Description;
            body.Properties[name] = member;
        }
    }

    private static OpenApiSchema Text(int longest, int? least = null) => new() { Type = JsonSchemaType.String, MinLength = least, MaxLength = longest };

    private static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }
}
