using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Tickets.Api.Events;

namespace Tickets.Tests.Events;

/// <summary>Who may listen.</summary>
public sealed class EventFeedTests : IDisposable
{
    private const int Kept = EventFeed.MostListeners / 10;
    private readonly EventFeed _feed = new(stream: null!, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLogger<EventFeed>.Instance);

    [Fact]
    public void a_tenant_with_many_listeners_leaves_places_for_others()
    {
        _feed.HasRoomFor("acme").ShouldBeTrue();
        Listen("acme", EventFeed.MostListeners - Kept);

        _feed.HasRoomFor("acme").ShouldBeFalse();
        _feed.HasRoomFor("globex").ShouldBeTrue();
        Listen("globex", Kept - 1);
        _feed.HasRoomFor("globex").ShouldBeTrue();
        Listen("globex", 1);
        _feed.HasRoomFor("umbrella").ShouldBeFalse();
    }

    [Fact]
    public void a_place_is_free_again_when_its_listener_has_gone()
    {
        Listen("acme", EventFeed.MostListeners - Kept);
        var leaving = _feed.Listen("globex", after: 0);
        Listen("umbrella", Kept - 1);
        _feed.HasRoomFor("globex").ShouldBeFalse();

        leaving.Dispose();

        _feed.HasRoomFor("globex").ShouldBeTrue();
        _feed.HasRoomFor("acme").ShouldBeFalse();
    }

    public void Dispose() => _feed.Dispose();

    private void Listen(string tenant, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _feed.Listen(tenant, after: 0);
        }
    }
}
