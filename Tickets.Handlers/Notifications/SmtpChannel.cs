using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>Sends notifications by mail.</summary>
public sealed class SmtpChannel(SmtpOptions options, NotificationTemplates templates) : INotificationChannel
{
    /// <summary>The channel's name.</summary>
    public const string ChannelName = "smtp";

    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <inheritdoc/>
    public async Task DeliverAsync(NotificationRequested request, CancellationToken cancellation)
    {
        using var mail = MailOf(request);
        using var smtp = new SmtpClient { Timeout = (int)options.Timeout.TotalMilliseconds };
        try
        {
            await smtp.ConnectAsync(options.Host, options.Port, Security, cancellation);
            if (options.User is { } user)
            {
                await smtp.AuthenticateAsync(user, options.Password ?? string.Empty, cancellation);
            }

            await smtp.SendAsync(mail, cancellation);
        }
        catch (SmtpCommandException e)
        {
            throw new DeliveryFailedException($"the mail server answered {(int)e.StatusCode}: {e.Message}", (int)e.StatusCode >= 500, e);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            throw new DeliveryFailedException($"the mail could not be sent: {reason}", permanent: false, e);
        }

        await QuitAsync(smtp);
    }

    private static async Task QuitAsync(SmtpClient smtp)
    {
        using var limit = new CancellationTokenSource(LongestGoodbye);
        try
        {
            await smtp.DisconnectAsync(quit: true, limit.Token);
        }
#pragma warning disable CA1031 // The server has the mail (RFC 5321, 4.1.1.4). Sent again for this, it would arrive twice.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The connection is closed in any case.
        }
    }

    // A password never goes over a line that others can read.
    private SecureSocketOptions Security => options.Tls ? SecureSocketOptions.SslOnConnect
        : options.User is null || IPAddress.TryParse(options.Host, out var address) && IPAddress.IsLoopback(address)
            ? SecureSocketOptions.StartTlsWhenAvailable
            : SecureSocketOptions.StartTls;

    // Tenants read it: it names no machine. None of this is about one mail, so all of it is tried again: it may have been mended by then.
    private static string? ReasonOf(Exception fault) => fault switch
    {
        ServiceNotAuthenticatedException => "the server takes none without a login",
        AuthenticationException => "the server did not take the login",
        NotSupportedException => "the server offers no STARTTLS, or no login",
        SslHandshakeException => "the server's certificate is not trusted, or it speaks no TLS",
        TimeoutException => "the server did not answer in time",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "the server's name is not known",
        SocketException => "nobody took the connection",
        ProtocolException or IOException or ServiceNotConnectedException => "the server's answer was cut off or malformed",
        _ => null,
    };

    private MimeMessage MailOf(NotificationRequested request)
    {
        var written = templates.Write(request);
        var mail = new MimeMessage { Subject = written.Subject, Body = new TextPart("plain") { Text = written.Text } };
        mail.From.Add(MailboxAddress.Parse(options.From));
        mail.To.Add(MailboxAddress.TryParse(request.Recipient, out var recipient) && recipient.Address.Contains('@')
            ? new MailboxAddress(string.Empty, recipient.Address)
            : MailboxAddress.Parse(options.To));

        // The same for every try, so that a mail that arrives twice is seen to be one.
        mail.MessageId = $"{request.Id}@tickets";
        return mail;
    }
}
