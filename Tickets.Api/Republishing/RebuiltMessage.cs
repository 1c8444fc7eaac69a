using System.Text.Json;
using NATS.Client.Core;
using Tickets.Contracts;
using Tickets.Handlers.Audit;
using Tickets.Handlers.Records;
using Tickets.Handlers.Units;
using Wolverine;
using Wolverine.Nats.Mapping;
using Wolverine.Runtime.Serialization;
using Wolverine.Util;

namespace Tickets.Api.Republishing;

/// <summary>
/// An event as it was published, but for what nobody has kept: the span in its <c>traceparent</c>, and its
/// <c>ce-correlationid</c>.
/// </summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Id">Its <c>ce-id</c> and <c>Nats-Msg-Id</c>.</param>
/// <param name="Headers">Its other headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record RebuiltMessage(string Subject, string Id, NatsHeaders Headers, byte[] Body)
{
    /// <summary>The messages of a change, in their order.</summary>
    /// <param name="stored">The change.</param>
    /// <param name="mapper">How events are written.</param>
    /// <param name="serializer">How their bodies are.</param>
    public static IEnumerable<RebuiltMessage> Of(StoredAudit stored, INatsEnvelopeMapper mapper, IMessageSerializer serializer)
    {
        var record = JsonSerializer.Deserialize(stored.Json, WireJson.Default.AuditRecorded)!;
        foreach (var message in RebuiltEvents.Of(record))
        {
            var envelope = new Envelope
            {
                Id = EventIdentity.Of(record, message)!.Value,
                MessageType = message.GetType().ToMessageTypeName(),
                SentAt = record.OccurredAt,
                TenantId = record.Tenant,
            };
            envelope.Headers[MessageCommitter.SubjectHeader] = record.TicketId.ToString();
            var headers = new NatsHeaders();
            mapper.MapOutgoing(envelope, headers);
            yield return new RebuiltMessage(WireNames.Events[message.GetType()], envelope.Id.ToString(), headers, serializer.WriteMessage(message));
        }
    }
}
