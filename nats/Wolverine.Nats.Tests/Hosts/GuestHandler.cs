using System.Collections.Concurrent;

namespace Wolverine.Nats.Tests.Hosts;

/// <summary>Counts how many guests of a party were there at once. The first stay until their company is complete.</summary>
public static class GuestHandler
{
    private static readonly ConcurrentDictionary<Guid, Party> Parties = new();

    public static async Task Handle(Guest guest)
    {
        var party = Parties.GetOrAdd(guest.Party, _ => new Party());
        if (party.Enter() == guest.Company)
        {
            party.Complete.TrySetResult();
        }

        await party.Complete.Task;
        await Task.Delay(20);
        party.Leave();
    }

    /// <summary>The most that were there at once, and how many have gone.</summary>
    public static (int Most, int Gone) Of(Guid party) => Parties.TryGetValue(party, out var found) ? found.Seen : default;

    private sealed class Party
    {
        private readonly Lock _gate = new();
        private int _now;
        private int _most;
        private int _gone;

        public TaskCompletionSource Complete { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public (int Most, int Gone) Seen
        {
            get
            {
                lock (_gate)
                {
                    return (_most, _gone);
                }
            }
        }

        public int Enter()
        {
            lock (_gate)
            {
                _most = Math.Max(_most, ++_now);
                return _now;
            }
        }

        public void Leave()
        {
            lock (_gate)
            {
                _now--;
                _gone++;
            }
        }
    }
}
