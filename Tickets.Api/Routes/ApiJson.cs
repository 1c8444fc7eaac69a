using System.Text.Json.Serialization;
using Tickets.Api.DeadLetters;
using Tickets.Api.NatsApi;
using Tickets.Contracts;
using Tickets.Contracts.Audit;
using Tickets.Contracts.Notifications;

namespace Tickets.Api.Routes;

/// <summary>What <see cref="WireJson"/> is for messages, for the bodies of requests and answers that no message has.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32)]
[JsonSerializable(typeof(TicketReference))]
[JsonSerializable(typeof(TicketList))]
[JsonSerializable(typeof(Page<Comment>))]
[JsonSerializable(typeof(Page<AuditRecorded>))]
[JsonSerializable(typeof(Page<Notification>))]
[JsonSerializable(typeof(Page<LetterSummary>))]
[JsonSerializable(typeof(LetterView))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(Liveness))]
[JsonSerializable(typeof(Readiness))]
internal sealed partial class ApiJson : JsonSerializerContext;
