using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NatsServers;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Notifications;

/// <summary>Notifications reach real receivers.</summary>
public sealed class Deliveries : IAsyncLifetime
{
    private const string Secret = "s3cret";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly string _tenant = RunningService.NewTenant();
    private readonly TemporaryFolder _templates = new();
    private NatsServer _nats = null!;
    private WebhookReceiver _webhook = null!;
    private MailServer _mail = null!;
    private TicketService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.StartAsync();
        _webhook = await WebhookReceiver.StartAsync();
        _mail = new MailServer();
        await File.WriteAllTextAsync(_templates.File("resolved.text.liquid"), "{% include 'signature' %}");
        _service = await TicketService.StartAsync(
            _nats,
            ("NOTIFY_SEVERE", "webhook"),
            ("NOTIFY_ASSIGNED", "smtp"),
            ("NOTIFY_RESOLVED", "webhook"),
            ("NOTIFY_TEMPLATES", _templates.Path),
            ("NOTIFY_WEBHOOK_URL", _webhook.Url.ToString()),
            ("NOTIFY_WEBHOOK_SECRET", Secret),
            ("NOTIFY_WEBHOOK_ALLOW_HTTP", "true"),
            ("NOTIFY_WEBHOOK_ALLOW_PRIVATE", "true"),
            ("NOTIFY_SMTP_URL", $"smtp://127.0.0.1:{_mail.Port}"),
            ("NOTIFY_SMTP_FROM", "tickets@example.org"),
            ("NOTIFY_SMTP_TO", "desk@example.org"),
            ("NOTIFY_RETRY_SECONDS", "0.2,0.4"),
            ("NOTIFY_WINDOW_SECONDS", "3"));
    }

    [Fact]
    public async Task a_webhook_gets_a_signed_post()
    {
        await OpenAsync("critical");

        var (id, timestamp, signature, body) = await Eventually.Async(
            () => Task.FromResult(_webhook.Received.FirstOrDefault()), post => post.Id is not null, Limit, "the webhook is called");
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        signature.ShouldBe($"v1,{Convert.ToBase64String(expected)}");
        JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("ticket").GetProperty("title").GetString().ShouldBe("critical");
        (await OutcomesAsync("notification.delivered", 1)).ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task what_fails_at_first_is_delivered_once_in_the_end()
    {
        _webhook.Answers.Enqueue(500);
        _webhook.Answers.Enqueue(429);

        await OpenAsync("critical");

        await OutcomesAsync("notification.delivered", 1);
        _webhook.Received.Count.ShouldBe(3);
        _webhook.Received.Select(post => post.Id).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(3, 500, 500, 500)]
    [InlineData(3, 302, 401, 404)]
    [InlineData(1, 410)]
    public async Task what_fails_for_good_is_told_and_leaves_the_place_free(int tries, params int[] answers)
    {
        foreach (var answer in answers)
        {
            _webhook.Answers.Enqueue(answer);
        }

        var path = await OpenAsync("critical");
        var failed = (await OutcomesAsync("notification.failed", 1)).ShouldHaveSingleItem();
        failed.GetProperty("error").GetString()!.ShouldContain($"{answers[^1]}");
        failed.GetProperty("ticket").GetProperty("title").GetString().ShouldBe("critical");
        failed.GetProperty("version").GetInt32().ShouldBe(1);
        failed.GetProperty("actor").GetString().ShouldBe("ada");
        _webhook.Received.Count.ShouldBe(tries);

        await BecomeSevereAgainAsync(path);

        await OutcomesAsync("notification.delivered", 1);
        (await StatusesAsync()).ShouldBe(["delivered", "failed"]);
        (await _nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
    }

    [Fact]
    public async Task the_same_reason_is_told_again_only_after_the_window()
    {
        var path = await OpenAsync("critical");
        await OutcomesAsync("notification.delivered", 1);

        await BecomeSevereAgainAsync(path);
        await Eventually.Async(StatusesAsync, found => found.SequenceEqual(["suppressed", "delivered"]), Limit, "the second is left out");

        await Eventually.Async(
            async () =>
            {
                await BecomeSevereAgainAsync(path);
                return _webhook.Received.Count;
            },
            posts => posts == 2,
            Limit,
            "it is told again");
    }

    [Fact]
    public async Task an_assignee_with_an_address_gets_a_mail_and_one_without_is_written_to_the_desk()
    {
        _mail.Answers.Enqueue("451 try again");
        var path = await OpenAsync("Printer");
        (await _service.PatchAsync(_tenant, path, new { title = "Zürich is late", assignee = "bob@example.org" })).EnsureSuccessStatusCode();
        await MailsAsync(1);
        await OpenAsync("Another", assignee: "carol");

        var mails = await MailsAsync(2);

        mails.Select(mail => mail.To).ShouldBe(["bob@example.org", "desk@example.org"]);
        mails[0].Text.ShouldContain("bob@example.org, ticket #");
        mails[0].Text.ShouldContain("Message-Id:");
    }

    [Fact]
    public async Task a_mail_that_was_taken_is_not_sent_again_because_the_server_says_no_goodbye()
    {
        _mail.SaysGoodbye = false;
        await OpenAsync("Printer", assignee: "bob@example.org");

        await OutcomesAsync("notification.delivered", 1);

        _mail.Received.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_mail_server_that_wants_a_login_is_asked_again_after_each_pause_and_told_of_in_the_end()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            _mail.SenderAnswers.Enqueue("530 5.7.0 Authentication required");
        }

        await OpenAsync("Printer", assignee: "bob@example.org");

        var failed = (await OutcomesAsync("notification.failed", 1)).ShouldHaveSingleItem();
        failed.GetProperty("error").GetString().ShouldBe("the mail could not be sent: the server takes none without a login");
        _mail.SenderAnswers.ShouldBeEmpty();

        // What tenants are not told, the operator finds in the log.
        await _service.SaysAsync("ServiceNotAuthenticatedException");
        (await StatusesAsync()).ShouldBe(["failed"]);
        (await _nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_template_that_needs_what_is_not_there_is_told_of_in_the_end()
    {
        var path = await OpenAsync("Printer");
        (await _service.PatchAsync(_tenant, path, new { status = "in_progress" })).EnsureSuccessStatusCode();
        (await _service.PatchAsync(_tenant, path, new { status = "resolved" })).EnsureSuccessStatusCode();

        var failed = (await OutcomesAsync("notification.failed", 1)).ShouldHaveSingleItem();
        failed.GetProperty("error").GetString().ShouldBe("the template resolved.text.liquid can't be filled in");
        (await StatusesAsync()).ShouldBe(["failed"]);
        (await _nats.ReadAsync("TICKET_DLQ")).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _mail.DisposeAsync();
        await _webhook.DisposeAsync();
        await _nats.DisposeAsync();
        _templates.Dispose();
    }

    private async Task<string> OpenAsync(string title, string? assignee = null)
    {
        using var created = await _service.PostAsync(_tenant, JsonContent.Create(new { title, created_by = "ada", assignee }));
        return created.Headers.Location!.ToString();
    }

    private async Task BecomeSevereAgainAsync(string path)
    {
        (await _service.PatchAsync(_tenant, path, new { title = "harmless" })).EnsureSuccessStatusCode();
        (await _service.PatchAsync(_tenant, path, new { title = "critical" })).EnsureSuccessStatusCode();
    }

    private Task<IReadOnlyList<(string To, string Text)>> MailsAsync(int count) => Eventually.Async(
        () => Task.FromResult<IReadOnlyList<(string To, string Text)>>([.. _mail.Received]), mails => mails.Count >= count, Limit, $"{count} mails");

    private Task<JsonElement[]> OutcomesAsync(string type, int count) => Eventually.Async(
        async () => (await _nats.ReadAsync("TICKET_EVENTS")).Where(message => message.Subject == type).Select(message => message.Json()).ToArray(),
        found => found.Length >= count,
        Limit,
        $"{count} of {type}");

    private async Task<IReadOnlyList<string?>> StatusesAsync()
    {
        using var response = await _service.GetAsync(_tenant, "/api/v1/notifications");
        return [.. (await response.JsonAsync()).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("status").GetString())];
    }
}
