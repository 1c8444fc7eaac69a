using System.Net;
using Microsoft.IdentityModel.Tokens;
using Tickets.Api.Composition;

namespace Tickets.Api.Access;

/// <summary>Reads who may come in from <c>AUTH_…</c>, <c>ALLOW_ANONYMOUS</c> and <c>TRUSTED_PROXIES</c>.</summary>
internal static class AccessSettings
{
    private const string ModeKey = "AUTH_MODE";
    private const string Anonymous = "anonymous";
    private const string Jwt = "jwt";
    private const string ApiKey = "api_key";
    private const string Keys = "AUTH_JWT_KEYS";
    private const string KeysUrl = "AUTH_JWT_KEYS_URL";
    private const string Proxies = "TRUSTED_PROXIES";
    private const string Issuer = "AUTH_JWT_ISSUER";
    private static readonly string[] OfTokens = [Issuer, "AUTH_JWT_AUDIENCE", Keys, $"{Keys}_FILE", KeysUrl];

    /// <exception cref="ConfigurationException">A value can't be used.</exception>
    public static AccessOptions From(Settings settings)
    {
        var mode = settings.Or(ModeKey, Anonymous);
        var modes = mode.Split(',', StringSplitOptions.TrimEntries);
        if (mode != Anonymous && !modes.All(name => name is Jwt or ApiKey))
        {
            throw new ConfigurationException(ModeKey, mode, $"write {Anonymous}, or {Jwt}, {ApiKey} or both, separated by a comma");
        }

        // Who has set up tokens and forgotten the mode believes the door to be shut.
        if (!modes.Contains(Jwt) && Array.Find(OfTokens, key => settings.Optional(key) is not null) is { } idle)
        {
            throw new ConfigurationException(ModeKey, mode, $"{idle} is set, which is for tokens; add {Jwt} to {ModeKey}, or leave {idle} out");
        }

        var anonymous = settings.Flag("ALLOW_ANONYMOUS");

        // What comes through a proxy would look as if it came from this machine, and nobody would have to sign in.
        if (mode == Anonymous && !anonymous && settings.Optional(Proxies) is { } proxies)
        {
            throw new ConfigurationException(Proxies, proxies, $"behind a proxy everybody has to sign in; set {ModeKey}, or ALLOW_ANONYMOUS=true to have it open");
        }

        return mode != Anonymous && anonymous
            ? throw new ConfigurationException("ALLOW_ANONYMOUS", "true", $"{ModeKey} says that everybody has to sign in; leave one of them out")
            : new AccessOptions(
                modes.Contains(ApiKey),
                modes.Contains(Jwt) ? TokensOf(settings) : null,
                anonymous,
                ProxiesOf(settings),
                settings.Number("AUTH_FAILURES_PER_MINUTE", 1, int.MaxValue, "write a whole number from 1") ?? 60);
    }

    private static JwtOptions TokensOf(Settings settings)
    {
        var issuer = Needed(settings, Issuer, "write who issues the tokens, as their claim 'iss' has it");
        var keys = settings.Text(Keys) is { } text ? KeysOf(Keys, text) : [];
        var url = settings.Optional(KeysUrl) is { } given ? AddressOf(KeysUrl, given, "the address of the issuer's key set") : null;
        if (keys.Count > 0 && url is not null)
        {
            throw new ConfigurationException(KeysUrl, url.OriginalString, $"{Keys} says the keys already; keep one of them");
        }

        if (keys.Count == 0 && url is null)
        {
            AddressOf(Issuer, issuer, $"an address from which its keys can be found, or set {Keys}_FILE or {KeysUrl}");
        }

        return new JwtOptions(
            issuer,
            Needed(settings, "AUTH_JWT_AUDIENCE", "write for whom the tokens must be, as their claim 'aud' has it"),
            keys,
            url,
            settings.Or("AUTH_JWT_TENANTS_CLAIM", "tenants"),
            settings.Or("AUTH_JWT_SCOPES_CLAIM", "scope"));
    }

    private static string Needed(Settings settings, string key, string remedy) =>
        settings.Optional(key) ?? throw new ConfigurationException(key, string.Empty, remedy);

    private static IReadOnlyList<SecurityKey> KeysOf(string key, string text)
    {
        try
        {
            return JwtKeys.Parse(text);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(key, "***", e.Message);
        }
    }

    // Whoever can change the keys on their way can sign tokens.
    private static Uri AddressOf(string key, string value, string what) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
            ? url
            : throw new ConfigurationException(key, value, $"write {what}; it begins with https://");

    private static IReadOnlyList<IPNetwork> ProxiesOf(Settings settings) => settings.Optional(Proxies) is not { } value ? [] :
    [
        .. value.Split(',', StringSplitOptions.TrimEntries).Select(text =>
            IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network
            : throw new ConfigurationException(Proxies, value, "write addresses or networks such as 10.0.0.0/8, separated by commas")),
    ];
}
