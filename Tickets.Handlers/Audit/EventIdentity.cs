using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Tickets.Contracts;
using Tickets.Contracts.Audit;

namespace Tickets.Handlers.Audit;

/// <summary>
/// The identities of the events that a change causes. They follow from its audit record, so events that are rebuilt from
/// the record are known by whoever has had them.
/// </summary>
public static class EventIdentity
{
    private const string TicketPrefix = "ticket.";
    private const int Tail = 12;

    // What tells the events of one record apart. They may never change: old events would be new ones.
    private static readonly FrozenDictionary<Type, uint> Marks = WireNames.Events
        .Where(x => x.Value.StartsWith(TicketPrefix, StringComparison.Ordinal))
        .ToFrozenDictionary(x => x.Key, x => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(x.Value))));

    /// <summary>The identity of an event.</summary>
    /// <param name="record">The record of the change that causes it.</param>
    /// <param name="message">The event: the record itself, or one about the ticket.</param>
    /// <returns>
    /// A UUID of version 7 that sorts beside the record's; null for what can't be rebuilt from the record, such as a notification.
    /// </returns>
    public static Guid? Of(AuditRecorded record, object message)
    {
        if (message is AuditRecorded)
        {
            return record.Id;
        }

        if (!Marks.TryGetValue(message.GetType(), out var mark))
        {
            return null;
        }

        Span<byte> id = stackalloc byte[16];
        record.Id.TryWriteBytes(id, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(id[Tail..], BinaryPrimitives.ReadUInt32BigEndian(id[Tail..]) ^ mark);
        return new Guid(id, bigEndian: true);
    }
}
