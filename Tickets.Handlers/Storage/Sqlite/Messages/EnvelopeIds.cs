using System.Text.Json;
using Wolverine;

namespace Tickets.Handlers.Storage.Sqlite.Messages;

/// <summary>Passes many ids to one statement, as a JSON array for SQLite's <c>json_each</c>.</summary>
internal static class EnvelopeIds
{
    /// <summary>Matches incoming messages by what is in <c>@keys</c>: the same id may have been received at two addresses.</summary>
    public const string IncomingKeys = "(id, received_at) IN (SELECT value ->> 0, value ->> 1 FROM json_each(@keys))";

    public static string Of(IEnumerable<Envelope> envelopes) => Of(envelopes.Select(envelope => envelope.Id));

    public static string Of(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids);

    public static string KeysOf(IEnumerable<Envelope> envelopes) => JsonSerializer.Serialize(
        envelopes.Select(envelope => new[] { envelope.Id.ToString(), IncomingRow.AddressOf(envelope) }));
}
