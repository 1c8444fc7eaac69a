using NATS.Client.JetStream;
using NatsServers;
using Tickets.Api.Composition;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Service;

/// <summary>What the environment may say. What would go wrong later keeps the program from starting.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("X_TENANT_HEADER is 'X Tenant': write the name of a header", "X_TENANT_HEADER", "X Tenant")]
    [InlineData("X_TENANT_HEADER is 'X-Tenant:'", "X_TENANT_HEADER", "X-Tenant:")]
    [InlineData("X_TENANT_HEADER is 'X-Mandänt'", "X_TENANT_HEADER", "X-Mandänt")]
    [InlineData("SERVICE_NAME is 'a b': write 1 to 64", "SERVICE_NAME", "a b")]
    [InlineData("SERVICE_NAME is 'a/b#c'", "SERVICE_NAME", "a/b#c")]
    [InlineData("SERVICE_NAME is ' '", "SERVICE_NAME", " ")]
    [InlineData("NOTIFY_SMTP_URL is '***': a password does not belong in it; write it to NOTIFY_SMTP_PASSWORD", "NOTIFY_SMTP_URL", "smtp://desk:hunter2@mail.example")]
    [InlineData("NOTIFY_SMTP_PASSWORD is '': write it, or NOTIFY_SMTP_PASSWORD_FILE", "NOTIFY_SMTP_URL", "smtp://desk@mail.example")]
    [InlineData("NOTIFY_RETRY_SECONDS is '1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1': write at most 19", "NOTIFY_RETRY_SECONDS", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1")]
    [InlineData("RETENTION_LEDGER_DAYS is '7': write whole days from 8", "RETENTION_LEDGER_DAYS", "7")]
    [InlineData("RETENTION_NOTIFICATIONS_DAYS is '1': write whole days from 8", "RETENTION_NOTIFICATIONS_DAYS", "1")]
    [InlineData("NATS_URL is '***': write nats://host:port", "NATS_URL", "nats://127.0.0.1:4222,")]
    [InlineData("RETENTION_AUDIT_DAYS is '-1': write whole days, 0 for ever", "RETENTION_AUDIT_DAYS", "-1")]
    [InlineData("STOCK_DESIGN is 'yes': write false, true, or gathered", "STOCK_DESIGN", "yes")]
    public void a_value_that_would_fail_later_is_told_at_start(string fault, string key, string value)
    {
        var told = Should.Throw<ConfigurationException>(() => Read((key, value), ("NOTIFY_SMTP_FROM", "a@example.org"), ("NOTIFY_SMTP_TO", "b@example.org"))).Message;

        told.ShouldStartWith(fault);
        told.ShouldNotContain("hunter2");
    }

    [Fact]
    public void keys_of_tokens_come_from_one_place()
    {
        using var issuer = new TokenIssuer();

        Should.Throw<ConfigurationException>(() => Read(
                ("AUTH_MODE", "jwt"), ("AUTH_JWT_ISSUER", "x"), ("AUTH_JWT_AUDIENCE", "tickets"), ("AUTH_JWT_KEYS", issuer.PublicPem), ("AUTH_JWT_KEYS_URL", "https://issuer.example/keys")))
            .Message.ShouldBe("AUTH_JWT_KEYS_URL is 'https://issuer.example/keys': AUTH_JWT_KEYS says the keys already; keep one of them.");
    }

    [Fact]
    public void what_lies_within_the_bounds_is_taken()
    {
        var options = Read(
            ("X_TENANT_HEADER", "X-Mandant_1"), ("SERVICE_NAME", "tickets.eu-1"), ("RETENTION_LEDGER_DAYS", "8"), ("RETENTION_NOTIFICATIONS_DAYS", "0"), ("RETENTION_AUDIT_DAYS", "1"),
            ("NOTIFY_RETRY_SECONDS", string.Join(',', Enumerable.Repeat("1", 19))),
            ("NOTIFY_SMTP_URL", "smtp://desk@mail.example"), ("NOTIFY_SMTP_PASSWORD", "hunter2"), ("NOTIFY_SMTP_FROM", "a@example.org"), ("NOTIFY_SMTP_TO", "b@example.org"));

        (options.TenantHeader, options.ServiceName).ShouldBe(("X-Mandant_1", "tickets.eu-1"));
        (options.Retention.Ledger, options.Retention.Notifications, options.Retention.Audit).ShouldBe((TimeSpan.FromDays(8), null, TimeSpan.FromDays(1)));
        options.Notifications.Pauses.Count.ShouldBe(19);
        options.Notifications.Smtp!.User.ShouldBe("desk");
        Read(("NOTIFY_SMTP_URL", "smtp://mail.example"), ("NOTIFY_SMTP_FROM", "a@example.org"), ("NOTIFY_SMTP_TO", "b@example.org")).Notifications.Smtp!.User.ShouldBeNull();
    }

    // A repeat may come as late as a stream delivers it: what recognises repeats must be kept for longer.
    [Fact]
    public async Task no_stream_keeps_a_message_for_longer_than_the_settings_suppose()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var service = await TicketService.StartAsync(nats, ("RETENTION_LEDGER_DAYS", "8"));
        await using var connection = nats.Connect();

        var kept = (await new NatsJSContext(connection).GetStreamAsync("TICKET_EVENTS")).Info.Config.MaxAge;

        kept.ShouldBe(TimeSpan.FromDays(7));
        (await service.Process.RunAsync(["describe", "--json"], ("RETENTION_LEDGER_DAYS", $"{kept.TotalDays}"))).ExitCode.ShouldBe(2);
    }

    private static ServiceOptions Read(params (string Key, string Value)[] environment) =>
        ServiceOptions.From(key => Array.Find(environment, one => one.Key == key).Value);
}
