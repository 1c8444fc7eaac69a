using System.Collections.Concurrent;

namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Counts how many guests of a party were there at once.</summary>
public static class GuestHandler
{
    private static readonly ConcurrentDictionary<Guid, (int Now, int Most, int Gone)> Parties = new();

    public static async Task Handle(Guest guest)
    {
        Parties.AddOrUpdate(guest.Party, (1, 1, 0), (_, party) => (party.Now + 1, Math.Max(party.Most, party.Now + 1), party.Gone));
        await Task.Delay(20);
        Parties.AddOrUpdate(guest.Party, default((int, int, int)), (_, party) => (party.Now - 1, party.Most, party.Gone + 1));
    }

    public static (int Now, int Most, int Gone) Of(Guid party) => Parties.GetValueOrDefault(party);
}
