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
            await smtp.DisconnectAsync(quit: true, cancellation);
        }
        catch (SmtpCommandException e)
        {
            throw new DeliveryFailedException($"the mail server answered {(int)e.StatusCode}: {e.Message}", (int)e.StatusCode >= 500, e);
        }
        catch (Exception e) when (e is ProtocolException or SocketException or IOException or TimeoutException
            or AuthenticationException or SslHandshakeException or ServiceNotConnectedException or NotSupportedException)
        {
            throw new DeliveryFailedException($"the mail could not be sent: {e.Message}", permanent: false, e);
        }
    }

    // A password never goes over a line that others can read.
    private SecureSocketOptions Security => options.Tls ? SecureSocketOptions.SslOnConnect
        : options.User is null || IPAddress.TryParse(options.Host, out var address) && IPAddress.IsLoopback(address)
            ? SecureSocketOptions.StartTlsWhenAvailable
            : SecureSocketOptions.StartTls;

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
