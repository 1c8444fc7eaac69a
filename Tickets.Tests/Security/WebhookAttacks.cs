using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tickets.Api.Composition;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Notifications;
using Tickets.Tests.Domain;
using Tickets.Tests.Fixtures;

namespace Tickets.Tests.Security;

/// <summary>A webhook reaches nothing but the public address that it names.</summary>
public sealed class WebhookAttacks : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _resolved = [];
    private WebhookReceiver _inside = null!;

    public async ValueTask InitializeAsync() => _inside = await WebhookReceiver.StartAsync();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2001::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("ff02::1")]
    public void an_address_that_is_not_public_is_refused(string address) =>
        EgressAddresses.Fault(IPAddress.Parse(address), allowPrivate: false).ShouldNotBeNull();

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    public void what_hands_out_credentials_is_refused_also_where_private_addresses_are_allowed(string address) =>
        EgressAddresses.Fault(IPAddress.Parse(address), allowPrivate: true).ShouldNotBeNull();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    public void a_public_address_is_allowed(string address) => EgressAddresses.Fault(IPAddress.Parse(address), allowPrivate: false).ShouldBeNull();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:7f00:1]")]
    public async Task nothing_is_posted_to_this_machine_however_it_is_written(string host)
    {
        using var channel = Channel(new Uri($"http://{host}:{_inside.Url.Port}/hook"));

        var refused = await Should.ThrowAsync<DeliveryFailedException>(() => channel.DeliverAsync(Request(), CancellationToken.None));

        refused.Message.ShouldContain("not allowed");
        refused.IsPermanent.ShouldBeTrue();
        _inside.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_name_that_leads_elsewhere_the_second_time_is_asked_once()
    {
        using var channel = Channel(new Uri($"http://rebind.example:{_inside.Url.Port}/hook"), allowPrivate: true, "127.0.0.1", "169.254.169.254");

        await channel.DeliverAsync(Request(), CancellationToken.None);

        _resolved.ShouldBe(["rebind.example"]);
        _inside.Received.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("1.1.1.1,127.0.0.1")]
    [InlineData("127.0.0.1,1.1.1.1")]
    public async Task a_name_with_an_address_that_is_not_public_is_refused_whatever_else_it_has(string addresses)
    {
        using var channel = Channel(new Uri($"http://mixed.example:{_inside.Url.Port}/hook"), allowPrivate: false, addresses);

        (await Should.ThrowAsync<DeliveryFailedException>(() => channel.DeliverAsync(Request(), CancellationToken.None))).Message.ShouldContain("not allowed");
        _inside.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task a_redirect_is_not_followed(int status)
    {
        await using var outside = await ServeAsync(http =>
        {
            http.Response.Headers.Location = _inside.Url.ToString();
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var channel = Channel(new Uri($"{outside.Urls.Single()}/hook"), allowPrivate: true);

        (await Should.ThrowAsync<DeliveryFailedException>(() => channel.DeliverAsync(Request(), CancellationToken.None))).Message.ShouldContain($"{status}");
        _inside.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task one_that_never_answers_and_one_whose_headers_never_end_are_left()
    {
        await using var slow = await ServeAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var waiting = Channel(new Uri($"{slow.Urls.Single()}/hook"), allowPrivate: true);
        (await Should.ThrowAsync<DeliveryFailedException>(() => waiting.DeliverAsync(Request(), CancellationToken.None))).Message.ShouldContain("in time");

        await using var large = await ServeAsync(http =>
        {
            http.Response.Headers["X-Large"] = new string('x', 30_000);
            return Task.CompletedTask;
        });
        using var flooded = Channel(new Uri($"{large.Urls.Single()}/hook"), allowPrivate: true);
        await Should.ThrowAsync<DeliveryFailedException>(() => flooded.DeliverAsync(Request(), CancellationToken.None));
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(308, false)]
    [InlineData(400, true)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(408, false)]
    [InlineData(409, false)]
    [InlineData(410, true)]
    [InlineData(413, true)]
    [InlineData(422, true)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task what_may_pass_is_tried_again_and_what_the_receiver_refuses_for_good_is_not(int status, bool isPermanent)
    {
        _inside.Answers.Enqueue(status);
        using var channel = Channel(_inside.Url, allowPrivate: true);

        var refused = await Should.ThrowAsync<DeliveryFailedException>(() => channel.DeliverAsync(Request(), CancellationToken.None));

        refused.Message.ShouldBe($"the webhook answered {status}");
        refused.IsPermanent.ShouldBe(isPermanent);
    }

    [Theory]
    [InlineData("http://example.org/hook", "NOTIFY_WEBHOOK_ALLOW_HTTP=true")]
    [InlineData("ftp://example.org/hook", "write an https address")]
    [InlineData("https://user:secret@example.org/hook", "without a user")]
    [InlineData("https://127.0.0.1/hook", "NOTIFY_WEBHOOK_ALLOW_PRIVATE=true")]
    [InlineData("https://[::ffff:10.0.0.1]/hook", "NOTIFY_WEBHOOK_ALLOW_PRIVATE=true")]
    [InlineData("https://169.254.169.254/latest", "metadata")]
    public void an_address_that_can_not_be_keeps_the_service_from_starting(string url, string remedy)
    {
        var settings = new Dictionary<string, string> { ["NOTIFY_WEBHOOK_URL"] = url, ["NOTIFY_WEBHOOK_SECRET"] = "s3cret" };

        var fault = Should.Throw<ConfigurationException>(() => ServiceOptions.From(settings.GetValueOrDefault)).Message;

        fault.ShouldStartWith("NOTIFY_WEBHOOK_URL is '***':");
        fault.ShouldContain(remedy);
    }

    public ValueTask DisposeAsync() => _inside.DisposeAsync();

    private WebhookChannel Channel(Uri url, bool allowPrivate = false, params string[] answers)
    {
        var left = new Queue<string>(answers);
        var options = new WebhookOptions(url, WebhookKey.Parse("s3cret")!) { Timeout = TimeSpan.FromSeconds(3) };
        return new WebhookChannel(options, new NotificationTemplates(folder: null), TimeProvider.System, new GuardedConnections(allowPrivate, answers.Length == 0 ? null : (host, _) =>
        {
            _resolved.Enqueue(host);
            return Task.FromResult(left.Dequeue().Split(',').Select(IPAddress.Parse).ToArray());
        }));
    }

    private static Task<WebApplication> ServeAsync(RequestDelegate answer) => LoopbackHttp.ServeAsync(app => app.MapPost("/hook", answer));

    private static NotificationRequested Request() => new(Guid.CreateVersion7(), NotificationReason.Severe, "webhook", "bob", A.Ticket, "ada");
}
