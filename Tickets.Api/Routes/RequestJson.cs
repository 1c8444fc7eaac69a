using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tickets.Contracts;

namespace Tickets.Api.Routes;

/// <summary>
/// How what others send is read, by whichever door it comes: names and words are those that are written, to the letter, and no name stands
/// there twice.
/// </summary>
internal static class RequestJson
{
    private static readonly JsonSerializerOptions Options = Reading();

    public static JsonTypeInfo Of(Type type) => Options.GetTypeInfo(type);

    private static JsonSerializerOptions Reading()
    {
        JsonSerializerOptions options = new()
        {
            AllowDuplicateProperties = false,
            Converters = { new ExactWord<TicketPriority>(), new ExactWord<TicketStatus>() },
        };
        options.TypeInfoResolverChain.Add(ApiJson.Default);
        WireJson.Configure(options);
        options.MakeReadOnly();
        return options;
    }
}
