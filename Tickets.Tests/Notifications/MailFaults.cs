using System.Net;
using System.Net.Sockets;
using NatsServers;
using Tickets.Contracts.Notifications;
using Tickets.Handlers.Notifications;
using Tickets.Tests.Domain;

namespace Tickets.Tests.Notifications;

/// <summary>A mail server that takes no mail is told of by a reason that names no machine; what is wrong for every mail is tried again.</summary>
public sealed class MailFaults : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public MailFaults() => _server.Start();

    [Theory]
    [InlineData("", "the server did not answer in time")]
    [InlineData("what?\r\n", "the server's answer was cut off or malformed")]
    [InlineData("220 ready\r\n250-ok\r\n250 AUTH PLAIN\r\n530 5.7.0 STARTTLS first\r\n", "the server did not take the login")]
    [InlineData("220 ready\r\n250-ok\r\n250 AUTH PLAIN\r\n535 5.7.8 no\r\n", "the server did not take the login")]
    [InlineData("220 ready\r\n250-ok\r\n250 AUTH PLAIN\r\n235 ok\r\n530 5.7.0 no\r\n", "the server takes none without a login")]
    [InlineData("220 ready\r\n250 ok\r\n", "the server offers no STARTTLS, or no login")]
    public async Task the_reason_is_clear(string answers, string reason)
    {
        var failing = FailureAsync(((IPEndPoint)_server.LocalEndpoint).Port);
        using var client = await _server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        await writer.WriteAsync(answers);

        var failure = await failing;

        failure.Message.ShouldBe($"the mail could not be sent: {reason}");
        failure.IsPermanent.ShouldBeFalse();
    }

    [Fact]
    public async Task nobody_listens() =>
        (await FailureAsync(FreePort.Next())).Message.ShouldBe("the mail could not be sent: nobody took the connection");

    [Fact]
    public async Task no_such_name() =>
        (await FailureAsync(25, "mail.invalid")).Message.ShouldBe("the mail could not be sent: the server's name is not known");

    public void Dispose() => _server.Dispose();

    private static Task<DeliveryFailedException> FailureAsync(int port, string host = "127.0.0.1")
    {
        var options = new SmtpOptions(host, port, Tls: false, "tickets@example.org", "desk@example.org")
        {
            User = "ada",
            Password = "s3cret",
            Timeout = TimeSpan.FromSeconds(1),
        };
        var request = new NotificationRequested(Guid.CreateVersion7(), NotificationReason.Assigned, "smtp", "bob", A.Ticket, "ada");
        return Should.ThrowAsync<DeliveryFailedException>(() =>
            new SmtpChannel(options, new NotificationTemplates(folder: null)).DeliverAsync(request, CancellationToken.None));
    }
}
