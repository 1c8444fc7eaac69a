using Tickets.Api.Events;

namespace Tickets.Tests.Events;

/// <summary>Who may listen.</summary>
public sealed class FeedPlacesTests
{
    private const int Kept = FeedPlaces.Most / 10;
    private readonly FeedPlaces _places = new();

    [Fact]
    public void a_tenant_with_many_listeners_leaves_places_for_others()
    {
        Take("acme", FeedPlaces.Most - Kept);

        _places.TryTake("acme").ShouldBeNull();
        Take("globex", Kept);
        _places.TryTake("umbrella").ShouldBeNull();
    }

    [Fact]
    public void a_place_is_free_again_once_when_its_listener_has_gone()
    {
        Take("acme", FeedPlaces.Most - Kept);
        var leaving = Take("globex", 1);
        Take("umbrella", Kept - 1);
        _places.TryTake("globex").ShouldBeNull();

        leaving.Dispose();
        leaving.Dispose();

        _places.TryTake("acme").ShouldBeNull();
        Take("globex", 1);
        _places.TryTake("globex").ShouldBeNull();
    }

    [Fact]
    public async Task many_who_come_at_once_get_no_more_than_there_are()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 2 * FeedPlaces.Most).Select(i => Task.Run(() => _places.TryTake($"tenant{i % 100}"))));

        taken.Count(place => place is not null).ShouldBe(FeedPlaces.Most);
    }

    private IDisposable Take(string tenant, int times)
    {
        IDisposable? last = null;
        for (var i = 0; i < times; i++)
        {
            last = _places.TryTake(tenant).ShouldNotBeNull();
        }

        return last!;
    }
}
