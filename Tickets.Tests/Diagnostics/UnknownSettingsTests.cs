using Tickets.Api.Composition;

namespace Tickets.Tests.Diagnostics;

public class UnknownSettingsTests
{
    [Theory]
    [InlineData("NATS_URLS", "NATS_URLS is set and has no effect; perhaps NATS_URL is meant")]
    [InlineData("NOTIFY_SEVER", "NOTIFY_SEVER is set and has no effect; perhaps NOTIFY_SEVERE is meant")]
    [InlineData("TICKETS_SOMETHING_ELSE", "TICKETS_SOMETHING_ELSE is set and has no effect")]
    public void what_looks_like_a_setting_and_is_none_is_told_with_the_nearest(string name, string told) =>
        UnknownSettings.In([name, "NATS_URL"], ["NATS_URL", "NOTIFY_SEVERE", "TICKETS_ROLE"]).ShouldBe([told]);

    [Theory]
    [InlineData("ACK_WAIT_SECOND", "ACK_WAIT_SECONDS")]
    [InlineData("ALLOW_ANONYMUS", "ALLOW_ANONYMOUS")]
    [InlineData("STOP_TIMOUT_SECONDS", "STOP_TIMEOUT_SECONDS")]
    [InlineData("TRUSTED_PROXY", "TRUSTED_PROXIES")]
    [InlineData("X_TENANT_HEADERS", "X_TENANT_HEADER")]
    [InlineData("MAX_WRITE_IN_FLIGHT", "MAX_WRITES_IN_FLIGHT")]
    public void settings_of_every_kind_may_be_misspelt(string name, string meant)
    {
        var settings = new Settings(_ => null);
        ServiceSettings.From(settings);

        UnknownSettings.In([name], settings.Known).ShouldBe([$"{name} is set and has no effect; perhaps {meant} is meant"]);
    }

    [Theory]
    [InlineData("ALLOW_EMPTY_PASSWORD")]
    [InlineData("STOP_WORDS")]
    [InlineData("TRUSTED_HOSTS")]
    [InlineData("NATS_URL")]
    [InlineData("PATH")]
    [InlineData("NATS_PORT")]
    public void nothing_is_told_of_others(string name) => UnknownSettings.In([name], ["NATS_URL"]).ShouldBeEmpty();
}
