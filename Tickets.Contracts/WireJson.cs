using System.Text.Json;
using System.Text.Json.Serialization;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Commands;
using Tickets.Contracts.Events;
using Tickets.Contracts.Notifications;

namespace Tickets.Contracts;

/// <summary>
/// How everything is written as JSON: snake_case names and values, no nulls, at most 32 levels deep. Converters are named by
/// the types they are for: with one among the options, none of the code that was generated for writing would be used.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32)]
[JsonSerializable(typeof(Ticket))]
[JsonSerializable(typeof(Comment))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(CreateTicket))]
[JsonSerializable(typeof(UpdateTicket))]
[JsonSerializable(typeof(CommentOnTicket))]
[JsonSerializable(typeof(DeleteTicket))]
[JsonSerializable(typeof(CommandOutcome))]
[JsonSerializable(typeof(TicketCreated))]
[JsonSerializable(typeof(TicketUpdated))]
[JsonSerializable(typeof(TicketAssigned))]
[JsonSerializable(typeof(TicketStatusChanged))]
[JsonSerializable(typeof(TicketCommented))]
[JsonSerializable(typeof(TicketDeleted))]
[JsonSerializable(typeof(NotificationRequested))]
[JsonSerializable(typeof(NotificationDelivered))]
[JsonSerializable(typeof(NotificationFailed))]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(AuditRecorded))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(TicketStatus?))]
[JsonSerializable(typeof(TicketPriority?))]
[JsonSerializable(typeof(DateTimeOffset?))]
public sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Makes other options write and read as this context does.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = 32;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}
