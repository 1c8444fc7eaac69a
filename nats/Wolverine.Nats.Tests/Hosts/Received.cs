using System.Collections.Concurrent;
using NatsServers;

namespace Wolverine.Nats.Tests.Hosts;

/// <summary>What the receivers' handlers were given, by the id of the message: one entry for each time it was handled.</summary>
public static class Received
{
    private static readonly ConcurrentDictionary<Guid, ConcurrentQueue<Handled>> Handlings = new();

    public static void Add(Guid id, Envelope envelope) => Handlings.GetOrAdd(id, _ => []).Enqueue(new Handled(
        envelope.Id,
        envelope.Attempts,
        envelope.TenantId,
        envelope.CorrelationId,
        envelope.ConversationId,
        envelope.ParentId,
        envelope.GroupId,
        envelope.ContentType,
        envelope.Source,
        new Dictionary<string, string?>(envelope.Headers)));

    public static IReadOnlyList<Handled> Of(Guid id) => Handlings.TryGetValue(id, out var found) ? [.. found] : [];

    /// <summary>Waits until it was handled so often.</summary>
    public static Task<IReadOnlyList<Handled>> WaitAsync(Guid id, int times = 1) => WaitAsync(id, TimeSpan.FromSeconds(15), times);

    /// <summary>Waits until it was handled so often.</summary>
    public static async Task<IReadOnlyList<Handled>> WaitAsync(Guid id, TimeSpan limit, int times = 1)
    {
        await Eventually.Async(() => Task.FromResult(Of(id).Count), count => count >= times, limit, $"{id} is handled");
        return Of(id);
    }
}
