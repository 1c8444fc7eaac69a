using Tickets.Handlers.Notifications;

namespace Tickets.Tests.Notifications;

public class WebhookKeyTests
{
    private static readonly DateTimeOffset Sent = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);

    // The example that the verifiers of Standard Webhooks are tested by.
    [Fact]
    public void a_post_is_signed_as_the_usual_verifiers_expect_it() =>
        WebhookKey.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Sent, """{"test": 2432232314}""")
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void a_secret_without_the_prefix_is_the_key_itself() =>
        WebhookKey.Parse("s3cret")!.Sign("1", Sent, "{}").ShouldBe("v1,ctccT+rO51YRVnDiS8MJWxo8PgYiTTsFCFE64EHZ8Hk=");

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_no base64!")]
    public void what_follows_the_prefix_must_be_base64(string secret) => WebhookKey.Parse(secret).ShouldBeNull();
}
