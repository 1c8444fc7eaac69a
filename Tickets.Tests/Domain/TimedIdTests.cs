using System.Collections.Concurrent;
using Tickets.Handlers.Records;

namespace Tickets.Tests.Domain;

public sealed class TimedIdTests
{
    private const int Variant = 2;

    [Fact]
    public void an_id_is_of_version_7_and_tells_its_time()
    {
        var time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2));

        var id = TimedId.New(time);

        (id.Version, id.Variant >> 2).ShouldBe((7, Variant));
        TimedId.TimeOf(id).ShouldBe(time);
    }

    // 48 bits have room for some 9,000 years.
    [Theory]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    [InlineData("e677d21f-dbff-7000-8000-000000000000")]
    public void an_id_of_a_time_that_no_calendar_has_tells_none(string id) => TimedId.TimeOf(Guid.Parse(id)).ShouldBeNull();

    [Fact]
    public void no_id_comes_twice_however_many_threads_ask()
    {
        const int Each = 10_000;
        ConcurrentBag<Guid> ids = [];

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < Each; i++)
            {
                ids.Add(TimedId.New(DateTimeOffset.UnixEpoch));
            }
        });

        ids.Distinct().Count().ShouldBe(8 * Each);
    }
}
