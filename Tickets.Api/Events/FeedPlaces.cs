namespace Tickets.Api.Events;

/// <summary>The places of those who listen to one process. The last tenth of them is for tenants that have fewer than a tenth.</summary>
public sealed class FeedPlaces
{
    /// <summary>How many there are.</summary>
    public const int Most = 1000;

    private const int Share = Most / 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = [];
    private int _allTaken;

    /// <summary>Takes a place; null when there is none for this tenant. Disposing it gives it back.</summary>
    public IDisposable? TryTake(string tenant)
    {
        lock (_gate)
        {
            var own = _taken.GetValueOrDefault(tenant);
            if (_allTaken >= (own < Share ? Most : Most - Share))
            {
                return null;
            }

            _taken[tenant] = own + 1;
            _allTaken++;
            return new Place(this, tenant);
        }
    }

    private void GiveBack(string tenant)
    {
        lock (_gate)
        {
            _allTaken--;
            if (--_taken[tenant] == 0)
            {
                _taken.Remove(tenant);
            }
        }
    }

    private sealed class Place(FeedPlaces places, string tenant) : IDisposable
    {
        private FeedPlaces? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.GiveBack(tenant);
    }
}
