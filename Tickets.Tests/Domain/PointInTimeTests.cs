using Tickets.Api.CommandLine;

namespace Tickets.Tests.Domain;

/// <summary>Times as people write them.</summary>
public class PointInTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("90s", "2026-11-23T11:58:30Z")]
    [InlineData("30m", "2026-11-23T11:30:00Z")]
    [InlineData("2h", "2026-11-23T10:00:00Z")]
    [InlineData("7d", "2026-11-16T12:00:00Z")]
    [InlineData("2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z")]
    [InlineData("2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00Z")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    public void a_time_is_written_out_or_said_by_how_long_ago_it_was(string text, string time) =>
        PointInTime.Parse(text, Now).ShouldBe(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("-2h")]
    [InlineData("2w")]
    [InlineData("yesterday")]
    [InlineData("2147483647d")]
    public void anything_else_is_none(string text) => PointInTime.Parse(text, Now).ShouldBeNull();
}
