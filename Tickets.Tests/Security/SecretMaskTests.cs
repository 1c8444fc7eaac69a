using Tickets.Api.Composition;

namespace Tickets.Tests.Security;

/// <summary>What is taken out of whatever is printed.</summary>
public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("NATS_URL", "nats://app:hunter2@a:4222,nats://app:swordfish@b:4222", "hunter2 swordfish", "*** ***")]
    [InlineData("NATS_URL", "nats://app:hunter2@a:4222,", "hunter2 at a:4222", "*** at a:4222")]
    [InlineData("NATS_URL", "nats://127.0.0.1:4222,", "nats://127.0.0.1:4222", "nats://127.0.0.1:4222")]
    [InlineData("NATS_URL", ",", "a,b", "a,b")]
    [InlineData("DATABASE_URL", "postgres://app:se,cret@db/tickets", "app has se,cret", "app has ***")]
    [InlineData("DATABASE_URL", "Host=db;Password=hunter2", "Host=db;Password=hunter2", "***")]
    [InlineData("NATS_PASSWORD", "open://sesame", "it is open://sesame", "it is ***")]
    [InlineData("NATS_TOKEN", "open://sesame,twice", "it is open://sesame,twice", "it is ***")]
    public void a_secret_is_taken_out_whole_and_nothing_else(string key, string value, string text, string printed)
    {
        var settings = new Settings(asked => asked == key ? value : null);

        settings.Secret(key).ShouldBe(value);

        settings.Secrets.Apply(text).ShouldBe(printed);
    }
}
