using System.Globalization;
using System.Net;
using Tickets.Contracts.Notifications;
using Tickets.Handlers;
using Tickets.Handlers.Notifications;
using Wolverine.Nats.Configuration;

namespace Tickets.Api.Composition;

/// <summary>Reads who is told what from the environment variables that begin with <c>NOTIFY_</c>.</summary>
internal static class NotificationSettings
{
    private const string Off = "off";
    private const string SmtpPassword = "NOTIFY_SMTP_PASSWORD";

    // The transport takes a message that comes more often for one of which the process dies. The first try is a delivery too.
    private static readonly int MostPauses = new JetStreamDefaults().MaxDeliver - 1;

    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static NotificationOptions From(Settings settings)
    {
        var preset = new NotificationOptions();
        var webhook = WebhookOf(settings);
        var smtp = SmtpOf(settings);
        string[] known = [LogChannel.ChannelName, .. webhook is null ? [] : (string[])[WebhookChannel.ChannelName], .. smtp is null ? [] : (string[])[SmtpChannel.ChannelName]];
        return preset with
        {
            Channels = Enum.GetValues<NotificationReason>().ToDictionary(
                reason => reason, reason => ChannelsOf(settings, $"NOTIFY_{WireName.Of(reason).ToUpperInvariant()}", known)),
            SevereWords = settings.Optional("NOTIFY_SEVERE_WORDS") is { } words ? Split(words) : preset.SevereWords,
            Window = settings.Optional("NOTIFY_WINDOW_SECONDS") is { } window ? Seconds("NOTIFY_WINDOW_SECONDS", window) : preset.Window,
            Pauses = settings.Optional("NOTIFY_RETRY_SECONDS") is { } pauses ? PausesOf("NOTIFY_RETRY_SECONDS", pauses) : preset.Pauses,
            TemplateFolder = settings.Optional("NOTIFY_TEMPLATES") is not { } folder ? null
                : Directory.Exists(folder) ? folder
                : throw new ConfigurationException("NOTIFY_TEMPLATES", folder, "write the path of a folder that exists"),
            Webhook = webhook,
            Smtp = smtp,
        };
    }

    private static IReadOnlyList<string> ChannelsOf(Settings settings, string key, string[] known)
    {
        var value = settings.Optional(key) ?? LogChannel.ChannelName;
        var channels = value == Off ? [] : Split(value);
        return channels.All(known.Contains)
            ? channels
            : throw new ConfigurationException(key, value, $"write 'off', or some of {string.Join(", ", known)}; webhook needs NOTIFY_WEBHOOK_URL, smtp NOTIFY_SMTP_URL");
    }

    private static WebhookOptions? WebhookOf(Settings settings)
    {
        if (settings.Secret("NOTIFY_WEBHOOK_URL") is not { } address)
        {
            return null;
        }

        var allowPrivate = settings.Flag("NOTIFY_WEBHOOK_ALLOW_PRIVATE");
        var secret = settings.Secret("NOTIFY_WEBHOOK_SECRET")
            ?? throw new ConfigurationException("NOTIFY_WEBHOOK_SECRET", string.Empty, "is needed to sign what NOTIFY_WEBHOOK_URL gets");
        var key = WebhookKey.Parse(secret)
            ?? throw new ConfigurationException("NOTIFY_WEBHOOK_SECRET", "***", "what follows 'whsec_' is base64, as Standard Webhooks has it");
        return new WebhookOptions(WebhookAddress(address, settings.Flag("NOTIFY_WEBHOOK_ALLOW_HTTP"), allowPrivate), key) { AllowPrivate = allowPrivate };
    }

    // A name is looked at when it is resolved; an address can be told from the start.
    private static Uri WebhookAddress(string text, bool allowHttp, bool allowPrivate)
    {
        const string Key = "NOTIFY_WEBHOOK_URL";
        var remedy = !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0
                ? "write an https address without a user"
            : url.Scheme == "http" && !allowHttp
                ? "others could read it on its way; write an https address, or set NOTIFY_WEBHOOK_ALLOW_HTTP=true"
            : IPAddress.TryParse(url.IdnHost, out var address) && EgressAddresses.Fault(address, allowPrivate) is { } fault
                ? $"its address {fault}{(EgressAddresses.Fault(address, allowPrivate: true) is null ? "; write a public one, or set NOTIFY_WEBHOOK_ALLOW_PRIVATE=true" : "; write a public one")}"
            : null;
        return remedy is null ? url! : throw new ConfigurationException(Key, "***", remedy);
    }

    private static SmtpOptions? SmtpOf(Settings settings)
    {
        if (settings.Secret("NOTIFY_SMTP_URL") is not { } address)
        {
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("smtp" or "smtps"))
        {
            throw new ConfigurationException("NOTIFY_SMTP_URL", "***", "write smtp://user@host:port, or smtps:// for TLS from the first byte");
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new ConfigurationException("NOTIFY_SMTP_URL", "***", $"a password does not belong in it; write it to {SmtpPassword}, or {SmtpPassword}_FILE");
        }

        var tls = uri.Scheme == "smtps";
        var user = uri.UserInfo is { Length: > 0 } named ? Uri.UnescapeDataString(named) : null;
        var password = settings.Secret(SmtpPassword);
        if (user is not null && password is null)
        {
            throw new ConfigurationException(SmtpPassword, string.Empty, $"write it, or {SmtpPassword}_FILE; NOTIFY_SMTP_URL names a user");
        }

        return new SmtpOptions(uri.Host, uri.Port > 0 ? uri.Port : tls ? 465 : 587, tls, Address(settings, "NOTIFY_SMTP_FROM"), Address(settings, "NOTIFY_SMTP_TO"))
        {
            User = user,
            Password = password,
        };
    }

    private static string Address(Settings settings, string key) =>
        settings.Optional(key) is { } value && MimeKit.MailboxAddress.TryParse(value, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal)
            ? value
            : throw new ConfigurationException(key, settings.Optional(key) ?? string.Empty, "write a mail address such as tickets@example.org; NOTIFY_SMTP_URL needs it");

    private static TimeSpan[] PausesOf(string key, string value)
    {
        var pauses = Split(value);
        return pauses.Length <= MostPauses
            ? [.. pauses.Select(pause => Seconds(key, pause))]
            : throw new ConfigurationException(key, value, $"write at most {MostPauses} pauses; with the first try these are all deliveries that a message has");
    }

    private static TimeSpan Seconds(string key, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new ConfigurationException(key, value, "write seconds, more than 0 and at most 86400");

    private static string[] Split(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
