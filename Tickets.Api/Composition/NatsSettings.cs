using System.Net;
using NATS.NKeys;
using Tickets.Contracts;

namespace Tickets.Api.Composition;

/// <summary>Reads how NATS is reached from the environment variables that begin with <c>NATS_</c>.</summary>
internal static class NatsSettings
{
    private const string Address = "NATS_URL";
    private const string User = "NATS_USER";
    private const string Password = "NATS_PASSWORD";
    private const string Token = "NATS_TOKEN";
    private const string NKey = "NATS_NKEY";
    private const string Credentials = "NATS_CREDS";
    private const string MonitorAddresses = "NATS_MONITOR_URLS";
    private const string AnyInbox = "_INBOX";

    // What follows it must have room in an inbox that is answered to.
    private const int LongestPrefix = CommandHeaders.LongestInbox - 100;

    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static NatsOptions From(Settings settings)
    {
        var url = settings.Secret(Address) ?? "nats://127.0.0.1:4222";
        var servers = ServersOf(url);
        return new NatsOptions(
            url,
            LoginOf(settings, servers),
            NatsTlsSettings.From(settings, servers.All(IsOnThisMachine)),
            settings.Flag("NATS_PROVISION", preset: true),
            InboxOf("NATS_INBOX_PREFIX", settings.Or("NATS_INBOX_PREFIX", AnyInbox)),
            settings.Optional(MonitorAddresses) is { } monitors ? MonitorsOf(monitors) : []);
    }

    private static Uri[] ServersOf(string url)
    {
        var addresses = url.Split(',', StringSplitOptions.TrimEntries);
        var servers = addresses
            .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "nats" or "tls" ? uri : null)
            .OfType<Uri>()
            .ToArray();
        return servers.Length == addresses.Length
            ? servers
            : throw new ConfigurationException(Address, "***", "write nats://host:port, several separated by commas");
    }

    // Whoever monitors needs no secret for it, so none has to be taken out of what is printed.
    private static Uri[] MonitorsOf(string value)
    {
        var addresses = value.Split(',', StringSplitOptions.TrimEntries);
        var monitors = addresses
            .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "" } ? uri : null)
            .OfType<Uri>()
            .ToArray();
        return monitors.Length == addresses.Length
            ? monitors
            : throw new ConfigurationException(MonitorAddresses, "***", "write http://host:8222, several separated by commas, without a password");
    }

    private static bool IsOnThisMachine(Uri server) =>
        server.Host == "localhost" || (IPAddress.TryParse(server.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static NatsLogin LoginOf(Settings settings, Uri[] servers)
    {
        var (user, password) = (settings.Optional(User), settings.Secret(Password));
        (string Key, NatsLogin? Login)[] all =
        [
            (Address, servers.Any(server => server.UserInfo.Length > 0) ? new NatsLogin.ByAddress() : null),
            (User, user is null && password is null ? null : PasswordOf(user, password)),
            (Token, settings.Secret(Token) is { } token ? new NatsLogin.Token(token) : null),
            (NKey, settings.Secret(NKey) is { } seed ? new NatsLogin.NKey(SeedIn(settings, NKey, seed)) : null),
            (Credentials, settings.Secret(Credentials) is { } text ? new NatsLogin.Credentials(JwtIn(settings, text), SeedIn(settings, Credentials, text)) : null),
        ];
        return all.Where(one => one.Login is not null).ToArray() switch
        {
            [] => new NatsLogin.ByAddress(),
            [var only] => only.Login!,
            [var first, var second, ..] => throw new ConfigurationException(second.Key, "***", $"{first.Key} is a login too; keep one of them"),
        };
    }

    private static NatsLogin.Password PasswordOf(string? user, string? password) =>
        user is null ? throw new ConfigurationException(User, string.Empty, $"write whose {Password} it is")
        : password is null ? throw new ConfigurationException(Password, string.Empty, $"write it, or {Password}_FILE; {User} needs it")
        : new NatsLogin.Password(user, password);

    // Files of nk and nsc have lines of text around it.
    private static string SeedIn(Settings settings, string key, string text)
    {
        var seed = LinesOf(text).FirstOrDefault(line => line.StartsWith("SU", StringComparison.Ordinal));
        try
        {
            using var pair = KeyPair.FromSeed(seed);
            settings.Secrets.Add(seed!);
            return seed!;
        }
        catch (NKeysException)
        {
            throw new ConfigurationException(key, "***", "it has no seed of a user's NKey, a line that begins with SU");
        }
    }

    private static string JwtIn(Settings settings, string text)
    {
        var jwt = LinesOf(text).FirstOrDefault(line => line.StartsWith("eyJ", StringComparison.Ordinal))
            ?? throw new ConfigurationException(Credentials, "***", "it has no JWT of a user; write what a .creds file has, or its path in NATS_CREDS_FILE");
        settings.Secrets.Add(jwt);
        return jwt;
    }

    private static IEnumerable<string> LinesOf(string text) => text.Split('\n', StringSplitOptions.TrimEntries);

    private static string InboxOf(string key, string value) => value == AnyInbox || (value.Length <= LongestPrefix && CommandHeaders.IsInbox(value))
        ? value
        : throw new ConfigurationException(key, value, $"write _INBOX, or _INBOX. and a name such as _INBOX.tickets, up to {LongestPrefix} characters in all");
}
