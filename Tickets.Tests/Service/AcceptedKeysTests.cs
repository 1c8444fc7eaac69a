using Tickets.Api.Commands;
using Tickets.Handlers.Records;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Service;

public sealed class AcceptedKeysTests
{
    private readonly SteppedClock _clock = new();

    [Fact]
    public void the_latest_command_with_a_key_is_remembered_for_ten_minutes()
    {
        var keys = new AcceptedKeys(_clock);
        var key = new SharedKey(Guid.NewGuid(), "asked");
        keys.Add(key, TimedId.New(_clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromMinutes(9));
        var latest = TimedId.New(_clock.GetUtcNow());

        keys.Add(key, latest);
        _clock.Advance(TimeSpan.FromMinutes(9));
        keys.Find(key.Id).ShouldBe(new AcceptedCommand(latest, "asked"));
        keys.Find(Guid.NewGuid()).ShouldBeNull();

        _clock.Advance(TimeSpan.FromMinutes(2));
        keys.Find(key.Id).ShouldBeNull();
    }
}
