using System.Text.Json;
using Wolverine;

namespace Tickets.Handlers.Storage.Messages;

/// <summary>Passes many ids to one statement, as a JSON array for SQLite's <c>json_each</c>.</summary>
internal static class EnvelopeIds
{
    public static string Of(IEnumerable<Envelope> envelopes) => Of(envelopes.Select(envelope => envelope.Id));

    public static string Of(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids);
}
