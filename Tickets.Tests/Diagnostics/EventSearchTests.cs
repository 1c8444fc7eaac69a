using Tickets.Api.Explaining;

namespace Tickets.Tests.Diagnostics;

/// <summary>From where the stream is read for events, and for how long.</summary>
public sealed class EventSearchTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly Guid _first = Guid.CreateVersion7();
    private readonly Guid _second = Guid.CreateVersion7();

    [Fact]
    public void what_was_made_one_after_the_other_is_read_at_once()
    {
        var search = SearchFor((_first, Noon), (_second, Noon.AddSeconds(30)));

        search.Look(_first, 7, Noon).ShouldBeTrue();
        search.Look(null, 8, Noon.AddSeconds(10)).ShouldBeTrue();
        search.Look(_second, 9, Noon.AddSeconds(31)).ShouldBeFalse();

        search.From.ShouldBeNull();
        search.Found[_second].ShouldBe((9UL, Noon.AddSeconds(31)));
    }

    [Fact]
    public void days_between_two_changes_are_not_read()
    {
        var search = SearchFor((_first, Noon), (_second, Noon.AddDays(3)));

        search.Look(_first, 7, Noon).ShouldBeFalse();

        search.From!.Value.ShouldBe(Noon.AddDays(3), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void what_is_older_than_the_stream_keeps_is_given_up_after_an_hour_and_the_others_are_not()
    {
        var search = SearchFor(Noon.AddMinutes(1), (_first, Noon), (_second, Noon.AddMinutes(50)));

        search.Look(null, 7, Noon.AddMinutes(59)).ShouldBeTrue();
        search.Look(null, 8, Noon.AddMinutes(61)).ShouldBeTrue();
        search.Look(_second, 9, Noon.AddMinutes(62)).ShouldBeFalse();

        search.From.ShouldBeNull();
        search.Found.Keys.ShouldBe([_second]);
    }

    [Fact]
    public void what_is_not_there_within_an_hour_is_looked_for_to_the_end_when_the_others_were_found()
    {
        var search = SearchFor((_first, Noon), (_second, Noon.AddDays(1)));

        search.Look(null, 7, Noon.AddMinutes(59)).ShouldBeTrue();
        search.Look(null, 8, Noon.AddMinutes(61)).ShouldBeFalse();
        search.From!.Value.ShouldBe(Noon.AddDays(1), TimeSpan.FromSeconds(10));
        search.Look(_second, 30, Noon.AddDays(1)).ShouldBeFalse();

        search.From.ShouldBe(Noon.AddMinutes(61));
        search.Look(null, 8, Noon.AddMinutes(61)).ShouldBeTrue();
        search.Look(_first, 20, Noon.AddHours(9)).ShouldBeFalse();

        search.From.ShouldBeNull();
        search.Found[_first].ShouldBe((20UL, Noon.AddHours(9)));
    }

    [Fact]
    public void the_end_of_the_stream_ends_the_search_for_what_came_late_only_when_it_was_read_for_that()
    {
        var search = SearchFor((_first, Noon), (_second, Noon.AddDays(1)));
        search.Look(null, 8, Noon.AddMinutes(61)).ShouldBeFalse();

        search.End();
        search.From.ShouldBe(Noon.AddMinutes(61));
        search.End();

        search.From.ShouldBeNull();
    }

    [Fact]
    public void the_end_of_the_stream_ends_it()
    {
        var search = SearchFor((_first, Noon));

        search.End();

        search.From.ShouldBeNull();
        search.Found.ShouldBeEmpty();
    }

    private static EventSearch SearchFor(params (Guid Id, DateTimeOffset Made)[] events) => SearchFor(Noon, events);

    private static EventSearch SearchFor(DateTimeOffset keptSince, params (Guid Id, DateTimeOffset Made)[] events) =>
        new(events.Select(made => KeyValuePair.Create(made.Id, made.Made)), keptSince);
}
